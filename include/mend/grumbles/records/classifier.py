"""A trained classifier of texts: character sequences, their weights, and nothing that runs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from mend.errors import BadDataError
from mend.grumbles.records.taxonomy import area_of
from mend.grumbles.records.texts import NOT_A_GRUMBLE, Reading, without_numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORM: Final = "mend text classifier 1"
LENGTHS: Final = (1, 4)  # characters of a sequence; within words, so that Chinese needs no dictionary
BLOCK: Final = 4096  # texts at a time
UNREAD: Final = Reading(None, 0.0)


class ClassifierError(BadDataError, ValueError):
    """A stored model that cannot be used; the message says what is wrong with it, never what a text says."""


@dataclass(frozen=True)
class TextClassifier:
    """Multinomial logistic regression on TF-IDF of character sequences.

    Attributes:
        classes: codes, C of them.
        sequences: the character sequences that it knows, F of them, sorted.
        idf: weight of each sequence, F.
        weights: C rows of F numbers; `intercepts`: C numbers.
        temperature: divides the scores, so that confidences are calibrated.
    """

    classes: tuple[str, ...]
    sequences: tuple[str, ...]
    idf: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    intercepts: tuple[float, ...]
    temperature: float

    @cached_property
    def version(self) -> str:
        """The first 16 digits of the SHA-256 of its JSON."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    def to_json(self) -> str:
        """The whole model as text; `from_json` gives an equal one."""
        content = {
            "form": FORM,
            "classes": self.classes,
            "sequences": self.sequences,
            "idf": self.idf,
            "weights": self.weights,
            "intercepts": self.intercepts,
            "temperature": self.temperature,
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> TextClassifier:
        """The classifier of a JSON text; ClassifierError when it is none. It is checked, nothing is executed."""
        try:
            content = json.loads(text)
        except json.JSONDecodeError as error:
            raise ClassifierError(f"the model is not JSON: {error.msg} at {error.pos}") from None
        if not isinstance(content, dict) or content.get("form") != FORM:
            raise ClassifierError(f"the model is not of the form {FORM!r}")
        model = cls(
            _words(content, "classes"),
            _words(content, "sequences"),
            _numbers(content.get("idf"), "idf"),
            tuple(_numbers(row, "weights") for row in content.get("weights", ())),
            _numbers(content.get("intercepts"), "intercepts"),
            *_numbers([content.get("temperature")], "temperature"),
        )
        model._require_shape()
        return model

    def read(self, texts: list[str], least_confidence: float) -> list[Reading]:
        """The likeliest point of each text; its area where the point is not sure enough but the area is; else None."""
        readings: list[Reading] = []
        for first in range(0, len(texts), BLOCK):
            counted = self.counted(texts[first : first + BLOCK])
            known = counted.getnnz(axis=1) > 0
            shares = self._shares_of(counted)
            # A text of which the model knows nothing would get the class that is most frequent anyway.
            readings += [
                self._reading(row, least_confidence) if is_known else UNREAD
                for row, is_known in zip(shares, known, strict=True)
            ]
        return readings

    def shares(self, texts: list[str]) -> NDArray[np.float64]:
        """Probabilities, a row per text, a column per class."""
        return self._shares_of(self.counted(texts))

    def _shares_of(self, counted: Any) -> NDArray[np.float64]:
        import numpy as np

        scores = (counted @ self._matrix + np.asarray(self.intercepts)) / self.temperature
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        result: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
        return result

    def counted(self, texts: list[str]) -> Any:
        """TF-IDF of the texts, each row of length one: a sparse matrix of as many columns as there are sequences."""
        return tf_idf(self._counter.transform([without_numbers(text) for text in texts]), self.idf)

    def _reading(self, shares: NDArray[np.float64], least_confidence: float) -> Reading:
        best = int(shares.argmax())
        if shares[best] >= least_confidence:
            return Reading(self.classes[best], round(float(shares[best]), 4))
        sums: dict[str, float] = {}
        for code, share in zip(self.classes, shares, strict=True):
            sums[area_of(code)] = sums.get(area_of(code), 0.0) + float(share)
        area = max(sums, key=lambda code: (sums[code], code))
        if sums[area] >= least_confidence and area != NOT_A_GRUMBLE:
            return Reading(area, round(sums[area], 4))
        return UNREAD

    @cached_property
    def _counter(self) -> Any:
        return counter(vocabulary={sequence: place for place, sequence in enumerate(self.sequences)})

    @cached_property
    def _matrix(self) -> NDArray[np.float64]:
        import numpy as np

        return np.asarray(self.weights).T

    def _require_shape(self) -> None:
        width, height = len(self.sequences), len(self.classes)
        fits = len(self.idf) == width and len(self.intercepts) == height == len(self.weights)
        if not fits or any(len(row) != width for row in self.weights) or height < 2 or self.temperature <= 0:
            raise ClassifierError("the model's parts do not fit together")


def counter(**options: Any) -> Any:
    """Counts character sequences within words; texts come plain already."""
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(analyzer="char_wb", ngram_range=LENGTHS, lowercase=False, **options)


def tf_idf(counts: Any, idf: Any) -> Any:
    """Counts (n texts, F sequences) → one plus their logarithms, times idf, each row of length one."""
    import numpy as np
    from sklearn.preprocessing import normalize

    weighted = counts.astype(np.float64)
    weighted.data = 1.0 + np.log(weighted.data)
    return normalize(weighted.multiply(np.asarray(idf)[None, :]).tocsr())


def _words(content: dict[str, Any], name: str) -> tuple[str, ...]:
    words = content.get(name)
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ClassifierError(f"the model's {name} are not words")
    return tuple(words)


def _numbers(values: Any, name: str) -> tuple[float, ...]:
    if not isinstance(values, list) or not all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in values
    ):
        raise ClassifierError(f"the model's {name} are not numbers")
    return tuple(map(float, values))
