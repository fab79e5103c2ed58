-- Zones and language by the number, of candidates that lack them.
update candidate
set zones = coalesce(candidate.zones, place.zones), language_code = coalesce(candidate.language_code, place.language_code)
from unnest(cast(:numbers as text[]), cast(:zones as text[]), cast(:languages as text[])) as place (phone_number, zones, language_code)
where candidate.phone_number = place.phone_number and (candidate.zones is null or candidate.language_code is null)
