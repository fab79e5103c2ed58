"""Fitting a classifier of texts, and judging one on texts that came later."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mend.grumbles.records.classifier import TextClassifier, counter, tf_idf
from mend.grumbles.records.taxonomy import area_of
from mend.grumbles.records.texts import NOT_A_GRUMBLE, Reader, without_numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SEQUENCES: Final = 6000  # the most frequent character sequences
LEAST_NOTES: Final = 5  # notes that a sequence must occur in: what one customer alone said is not learnt
PENALTY: Final = 10.0  # inverse strength of the penalty on weights
ROUNDS: Final = 400
TOLERANCE: Final = 1e-3
DIGITS: Final = 4  # of a stored number
TEMPERATURES: Final = tuple(round(0.3 * 1.05**step, 4) for step in range(60))  # 0.3 to 5.3
BINS: Final = 10


@dataclass(frozen=True)
class Judged:
    """How a reader did on held-out texts: shares, and per type its texts, readings and right ones."""

    accuracy: float
    coverage: float
    right_share: float
    types: dict[str, dict[str, float | None]]


def fit(texts: list[str], labels: list[str]) -> TextClassifier:
    """A model of texts of known labels (at least two), not calibrated yet. The same texts in the same order give the
    same model.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    counting = counter(min_df=min(LEAST_NOTES, len(texts)), max_features=SEQUENCES)
    counts = counting.fit_transform([without_numbers(text) for text in texts])
    names = [str(name) for name in counting.get_feature_names_out()]
    telling = [place for place, name in enumerate(names) if _tells(name)]
    counts = counts[:, telling]
    occurring = counts.getnnz(axis=0)
    idf = np.round(np.log((1 + len(texts)) / (1 + occurring)) + 1, DIGITS)
    with threadpool_limits(limits=1):  # sums of several threads come out differently in the last digit
        fitted = LogisticRegression(C=PENALTY, max_iter=ROUNDS, tol=TOLERANCE).fit(tf_idf(counts, idf), labels)
    return TextClassifier(
        classes=tuple(str(label) for label in fitted.classes_),
        sequences=tuple(names[place] for place in telling),
        idf=tuple(idf.tolist()),
        weights=tuple(tuple(row) for row in np.round(_per_class(fitted.coef_), DIGITS).tolist()),
        intercepts=tuple(np.round(_per_class(fitted.intercept_), DIGITS).tolist()),
        temperature=1.0,
    )


def calibrate(model: TextClassifier, texts: list[str], labels: list[str]) -> TextClassifier:
    """The model with the temperature under which these texts' own labels are likeliest."""
    import dataclasses

    import numpy as np

    own, rows = _own_columns(model, labels)
    if not rows:
        return model
    logarithms = np.log(np.clip(model.shares([texts[row] for row in rows]), 1e-300, 1)) * model.temperature
    losses = [_loss(logarithms / temperature, own) for temperature in TEMPERATURES]
    return dataclasses.replace(model, temperature=TEMPERATURES[int(np.argmin(losses))])


def judge(reader: Reader, texts: list[str], labels: list[str], least_confidence: float) -> Judged:
    """How often the reader is right, among the texts that it classifies and among all. An area is right for each of its
    points.
    """
    codes = [reading.code for reading in reader.read(texts, least_confidence)]
    right = [code is not None and code in (label, area_of(label)) for code, label in zip(codes, labels, strict=True)]
    covered = sum(code is not None for code in codes)
    return Judged(
        accuracy=round(sum(right) / max(covered, 1), 4),
        coverage=round(covered / max(len(texts), 1), 4),
        right_share=round(sum(right) / max(len(texts), 1), 4),
        types=_types(codes, labels),
    )


def calibration_error(model: TextClassifier, texts: list[str], labels: list[str]) -> float:
    """Expected calibration error of the likeliest class: mean distance of confidence and share right over ten bins, by
    their texts.
    """
    import numpy as np

    shares = model.shares(texts)
    confidence = shares.max(axis=1)
    right = np.asarray(
        [model.classes[column] == label for column, label in zip(shares.argmax(axis=1), labels, strict=True)]
    )
    places = np.minimum((confidence * BINS).astype(int), BINS - 1)
    distances = [abs(float(confidence[places == place].sum() - right[places == place].sum())) for place in range(BINS)]
    return round(sum(distances) / max(len(texts), 1), 4)


def _tells(sequence: str) -> bool:
    """A blank or a single letter says nothing; a single Chinese character does."""
    letters = sequence.strip()
    return len(letters) > 1 or (letters != "" and not letters.isascii())


def _per_class(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two classes come as one row of differences: as two rows like any other number of classes."""
    import numpy as np

    return np.concatenate([-values, values]) / 2 if len(values) == 1 else values


def _own_columns(model: TextClassifier, labels: list[str]) -> tuple[Any, list[int]]:
    import numpy as np

    place = {code: number for number, code in enumerate(model.classes)}
    rows = [row for row, label in enumerate(labels) if label in place]
    return np.asarray([place[labels[row]] for row in rows]), rows


def _loss(scores: NDArray[np.float64], own: NDArray[np.int64]) -> float:
    import numpy as np

    peaks = scores.max(axis=1)
    sums = np.log(np.exp(scores - peaks[:, None]).sum(axis=1)) + peaks
    return round(float((sums - scores[np.arange(len(own)), own]).mean()), 9)


def _types(codes: list[str | None], labels: list[str]) -> dict[str, dict[str, float | None]]:
    """Per label: its texts, how many were read as it, and precision and recall of that; None where nothing was read or
    to be read.
    """
    texts, read = Counter(labels), Counter(code for code in codes if code)
    right = Counter(label for code, label in zip(codes, labels, strict=True) if code == label)
    names = sorted(texts.keys() | (read.keys() - {NOT_A_GRUMBLE}))
    return {
        name: {
            "texts": texts[name],
            "read": read[name],
            "precision": round(right[name] / read[name], 4) if read[name] else None,
            "recall": round(right[name] / texts[name], 4) if texts[name] else None,
        }
        for name in names
    }
