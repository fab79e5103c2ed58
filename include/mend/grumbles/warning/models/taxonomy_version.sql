-- model: taxonomy_version
-- grain: one version
-- inputs: every_taxonomy
-- The versions of the taxonomy.
select distinct taxonomy_version from every_taxonomy order by taxonomy_version
