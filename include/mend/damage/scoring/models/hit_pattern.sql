-- model: hit_pattern
-- grain: one indicator of one pattern of bits
-- inputs: contact_hit, contact_rule
-- share: whole
-- The indicators of each pattern of bits that occurs: there are few, so points and families are settled once a pattern,
-- not a contact. Of a family's members that are decided as the contact begins only the highest-scoring counts;
-- `is_contested`: another of the family is decided at another moment.
with
pattern as (select distinct bits from contact_hit),
hit as (select pattern.bits, contact_rule.* exclude (bit) from pattern join contact_rule
    on (pattern.bits & contact_rule.bit) <> 0),
ranked as (
    select *, row_number() over (partition by bits, family, is_late order by points desc, rule_number) as rank_number
    from hit
),
kept as (select * exclude (rank_number) from ranked where family is null or is_late or rank_number = 1),
final as (select *, family is not null and count(*) over (partition by bits, family) > 1 as is_contested from kept)
select * from final
