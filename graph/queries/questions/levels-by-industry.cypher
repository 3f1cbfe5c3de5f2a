// en: How are levels distributed over industries?
// zh-Hant: 各行業的職能級別分布如何？
// shows: standards by section of industry and level; with the catalogue of iCAP loaded, those of the catalogue, too

MATCH (s)-[:INDUSTRY]->()-[:BROADER*0..]->(i)
WHERE (s:Standard OR s:CatalogueEntry) AND s.code IS NOT NULL AND NOT (i)-[:BROADER]->()
MATCH (s)-[:LEVEL]->(l)
RETURN i.code AS industry, i.text AS name, l.number AS level, count(DISTINCT s.code) AS standards
ORDER BY industry, level
