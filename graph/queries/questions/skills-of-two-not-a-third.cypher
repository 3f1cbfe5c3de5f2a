// en: Which skills do two standards take that a third does not?
// zh-Hant: 哪些技能是兩份職能基準都要、第三份卻沒有的？
// shows: skills of the same name in the first two standards and missing in the third, whether listed by the standard or shared concepts
// edit: the three codes; with ESCO, for example, 7512.1, 7512.2 and 7511.2

WITH "BGM2421-901v1" AS first, "BGM2421-901v2" AS second, "BGM1219-002v2" AS third
MATCH (a:Standard {code: first})-[:HAS_SKILL|REQUIRES_SKILL]->(x),
      (b:Standard {code: second})-[:HAS_SKILL|REQUIRES_SKILL]->(y)
WHERE x.text = y.text
MATCH (c:Standard {code: third})
OPTIONAL MATCH (c)-[:HAS_SKILL|REQUIRES_SKILL]->(z)
WITH x.text AS name, collect(z.text) AS theirs
WHERE NOT name IN theirs
RETURN DISTINCT name
ORDER BY name
