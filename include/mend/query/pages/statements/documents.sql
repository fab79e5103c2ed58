-- statement: published_documents
-- Which months each page has a document of.
select page_code, part_code from page_document

-- statement: put_document
-- A page's document of a month; one that is the same is not written.
insert into page_document (page_code, part_code, through_on, content, published_at)
values (:page, :part, :through, cast(:content as jsonb), now())
on conflict (page_code, part_code) do update set
    through_on = excluded.through_on,
    content = excluded.content,
    published_at = excluded.published_at
where page_document.content is distinct from excluded.content

-- statement: forget_documents
-- Documents of months before the first that is kept.
delete from page_document where part_code < :month

-- statement: document
-- A page's document of a month, or its latest.
select page_code, part_code, content
from page_document
where page_code = :page and (cast(:part as text) is null or part_code = :part)
order by part_code desc
limit 1

-- statement: document_parts
-- The months of which a page has a document.
select part_code from page_document where page_code = :page order by part_code desc

-- statement: grumble_names
-- Grumble points in words, of the latest taxonomy that names them.
select distinct on (code) code, name_en, name_zh
from page_word
where kind_code = 'grumble_type'
order by code, valid_from desc
