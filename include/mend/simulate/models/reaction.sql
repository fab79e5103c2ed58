-- What each list gave (`reaction_action`), and how each candidate reacts in the campaign's month (`reaction`): what
-- they would do without anything, and what they do. Both are asked of the same draw: a factor under 1 takes some of
-- those away who would complain, a factor above 1 adds to them, and nobody else changes.
create or replace temp table reaction_action as
with
given as (
    select
        person.number, treatment.*, month_setting.month_index, coalesce(reaction_setting.done_share, 0.9) as done_share,
        coalesce(complaint_factor, 1.0) as complaint_factor, coalesce(contact_factor, 1.0) as contact_factor,
        coalesce(churn_factor, 1.0) as churn_factor, coalesce(dissatisfied_factor, 1.0) as dissatisfied_factor,
        coalesce(spend_factor, 1.0) as spend_factor,
        mix(mix(mix(person.h, 'reaction'), month_setting.month_index), treatment.strategy_code) as a
    from treatment
    join person using (customer_id)
    join month_setting on month_setting.month_on = treatment.campaign_on
    left join reaction_setting using (strategy_code)
    where treatment.strategy_code is not null
),
final as (
    select
        *,
        draw(a, 'done') < done_share as is_done,
        planned_on + to_seconds(9 * 3600 + floor(draw(a, 'clock') * 9 * 3600)::integer) as done_at
    from given
)
select * from final;

create or replace temp table reaction as
with
candidate as (
    select distinct
        person.number, person.customer_id, person.leaves_month, person.has_survey_consent, treatment.campaign_on,
        month_setting.month_index, month_setting.day_count,
        mix(mix(person.h, 'reaction'), month_setting.month_index) as r
    from treatment
    join person using (customer_id)
    join month_setting on month_setting.month_on = treatment.campaign_on
    where person.leaves_month >= month_setting.month_index and person.joined_on < treatment.campaign_on
),
-- Who got two things reacts to both.
touched as (
    select
        number, month_index, bool_or(is_done) as is_done,
        string_agg(strategy_code, ',' order by strategy_code) as given,
        product(case when is_done then complaint_factor else 1.0 end) as complaint_factor,
        product(case when is_done then contact_factor else 1.0 end) as contact_factor,
        product(case when is_done then churn_factor else 1.0 end) as churn_factor,
        product(case when is_done then dissatisfied_factor else 1.0 end) as dissatisfied_factor,
        product(case when is_done then spend_factor else 1.0 end) as spend_factor
    from reaction_action
    group by number, month_index
),
reacting as (
    select
        candidate.*, touched.given, coalesce(touched.is_done, false) as is_done,
        draw(r, 'complains') < without.complaint as would_complain,
        draw(r, 'complains') < without.complaint * coalesce(complaint_factor, 1.0) as does_complain,
        draw(r, 'repeats') < without.repeat_contact as would_repeat,
        draw(r, 'repeats') < without.repeat_contact * coalesce(contact_factor, 1.0) as does_repeat,
        draw(r, 'leaves') < without.churn as would_leave,
        draw(r, 'leaves') < without.churn * coalesce(churn_factor, 1.0) as does_leave,
        has_survey_consent and draw(r, 'answers') < without.answers as is_answering,
        draw(r, 'mood') < without.dissatisfied as would_be_dissatisfied,
        draw(r, 'mood') < without.dissatisfied * coalesce(dissatisfied_factor, 1.0) as is_dissatisfied,
        coalesce(spend_factor, 1.0) as spend_factor,
        floor(draw(r, 'poor_mark') * 7)::integer as poor_mark,
        7 + floor(draw(r, 'good_mark') * 4)::integer as good_mark
    from candidate
    cross join reaction_without as without
    left join touched using (number, month_index)
),
final as (
    select
        *,
        case when is_answering then case when would_be_dissatisfied then poor_mark else good_mark end end as would_rate,
        case when is_answering then case when is_dissatisfied then poor_mark else good_mark end end as does_rate
    from reacting
    -- Who leaves for one campaign is no candidate of the next.
    qualify count(case when does_leave then 1 end)
        over (partition by number order by month_index rows between unbounded preceding and 1 preceding) = 0
)
select * from final;

delete from reaction_action where not exists (
    select 1 from reaction where reaction.number = reaction_action.number
        and reaction.month_index = reaction_action.month_index
);

update person set leaves_month = leaving.month_index
from (select number, min(month_index) as month_index from reaction where does_leave group by number) as leaving
where leaving.number = person.number and leaving.month_index < person.leaves_month
