-- What would have happened (`reaction_would`) and what does (`reaction_does`) in the campaign's month: a complaint was
-- filed; somebody called again about the same thing within a week. Then the chains that do not come are taken out.
create or replace temp table reaction_contact as
select
    inbound_contact.*,
    reaction.campaign_on,
    case substr(chain_id, 11, 1)
        when 'X' then reaction.would_complain when 'Y' then reaction.would_repeat when 'Z' then reaction.would_repeat
        else true
    end as would_come,
    case substr(chain_id, 11, 1)
        when 'X' then reaction.does_complain when 'Y' then reaction.does_repeat when 'Z' then reaction.does_repeat
        else true
    end as does_come
from inbound_contact
join reaction on reaction.number = inbound_contact.number
    and inbound_contact.started_at >= reaction.campaign_on - to_days(7)
    and inbound_contact.started_at < reaction.campaign_on + to_days(reaction.day_count)
    -- A chain belongs to the campaign that it came of.
    and (substr(chain_id, 11, 1) not in ('X', 'Y', 'Z') or substr(chain_id, 12, 3)::integer = reaction.month_index);

create or replace temp table reaction_settled as
with
complained as (
    select number, campaign_on, bool_or(would_come) as would_complain, bool_or(does_come) as does_complain
    from reaction_contact
    where purpose = 'complaint' and is_answered and not is_dropped and not is_silent_line and not is_anonymous
        and draw(mix(h, 'ticket'), 'known') < 0.99 and started_at + to_seconds(300) >= campaign_on
    group by all
),
repeated as (
    select
        later.number, later.campaign_on, bool_or(later.would_come and earlier.would_come) as would_repeat,
        bool_or(later.does_come and earlier.does_come) as does_repeat
    from reaction_contact as later
    join reaction_contact as earlier
        on earlier.number = later.number and earlier.campaign_on = later.campaign_on
            and earlier.topic_code = later.topic_code and earlier.started_at < later.started_at
            and earlier.started_at >= later.started_at - to_days(7)
    where later.started_at >= later.campaign_on and later.customer_id is not null and earlier.customer_id is not null
    group by all
),
final as (
    select
        reaction.number, reaction.month_index,
        coalesce(complained.would_complain, false) as would_complain,
        coalesce(complained.does_complain, false) as does_complain,
        coalesce(repeated.would_repeat, false) as would_repeat,
        coalesce(repeated.does_repeat, false) as does_repeat
    from reaction
    left join complained using (number, campaign_on)
    left join repeated using (number, campaign_on)
)
select * from final;

delete from inbound_contact where contact_id in (select contact_id from reaction_contact where not does_come)
