-- statement: put_list
-- A version put before the approvers; its row is there once.
insert into campaign_list (
    list_id, month, version, content_sha256, state_code, row_count, summary, needs_bias_reason, registered_at
) values (
    :list_id, :month, :version, :content_sha256, 'draft', :row_count, cast(:summary as jsonb), :needs_bias_reason, :at
)
on conflict (list_id) do nothing

-- statement: refresh_summary
-- What the approver is shown, as long as nobody has decided.
update campaign_list
set summary = cast(:summary as jsonb), needs_bias_reason = :needs_bias_reason
where list_id = :list_id and state_code = 'draft'

-- statement: lock_month
-- One list of a month at a time is published or recalled.
select pg_advisory_xact_lock(hashtext('campaign lists of ' || cast(:month as text)))

-- statement: live_list
-- The list of the month that is published and not recalled.
select list_id from campaign_list where month = :month and state_code = 'published'

-- statement: later_list
-- A later list of the month that is not decided against.
select list_id
from campaign_list
where month = :month and version > :version and state_code in ('draft', 'approved')
order by version desc
limit 1

-- statement: set_state
-- The next state of a list.
update campaign_list set state_code = :state where list_id = :list_id

-- statement: put_decision
-- What was decided.
insert into campaign_decision (
    list_id, decision_code, decided_by, decided_through, decided_at, reason, bias_reason
) values (
    :list_id, :decision, :who, :through, :at, cast(:reason as text), cast(:bias_reason as text)
)

-- statement: set_published
-- The list is published from this transaction's end on.
update campaign_list
set
    state_code = 'published', published_at = :at, folder = :folder, draft_folder = :draft_folder,
    published = cast(:published as jsonb)
where list_id = :list_id

-- statement: set_recalled
-- The list counts no more.
update campaign_list set state_code = 'recalled', recalled_at = :at where list_id = :list_id

-- statement: list_to_publish
-- The month's list that is published, else the latest approved one.
select list_id
from campaign_list
where month = :month and state_code in ('approved', 'published')
order by state_code = 'published' desc, version desc
limit 1
