// en: Which occupations need a skill at the highest level?
// zh-Hant: 哪些職業對某項技能的級別要求最高？
// shows: occupations of O*NET by the level at which they need a skill or knowledge (0 to 7), with its importance
// needs: onet
// edit: the name of the skill or knowledge

WITH "Food Production" AS competency
MATCH (c:Concept {text: competency})<-[:CONCEPT]-(r:Requirement)<-[:HAS_REQUIREMENT]-(s:Standard)
WHERE r.ratedLevel IS NOT NULL AND r.importance IS NOT NULL
RETURN s.code AS code, s.text AS name, r.ratedLevel AS level, r.importance AS importance
ORDER BY level DESC, code
LIMIT 25
