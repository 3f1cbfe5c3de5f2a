// en: Which occupations are related, and which skills do they share?
// zh-Hant: 相關職業有哪些？彼此有多少相同的技能與知識？
// shows: occupations that O*NET calls related, in its order, with how many skills, knowledge and technologies both take
// needs: onet
// edit: the code of the occupation

WITH "51-3011.00" AS occupation
MATCH (s:Standard {code: occupation})-[:HAS_RELATION]->(r)-[:RELATED_TO]->(o:Standard)
OPTIONAL MATCH (s)-[:REQUIRES_SKILL|REQUIRES_KNOWLEDGE|USES_TECHNOLOGY]->(c)
  <-[:REQUIRES_SKILL|REQUIRES_KNOWLEDGE|USES_TECHNOLOGY]-(o)
RETURN r.position AS position, r.relation AS tier, o.code AS code, o.text AS name,
  count(DISTINCT c) AS shared
ORDER BY position
