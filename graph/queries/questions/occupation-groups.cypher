// en: How many standards are there in each major group of occupations?
// zh-Hant: 各職業大類有多少職能基準？
// shows: standards by the topmost occupation code above theirs, in the classification of each framework

MATCH (f:Framework)<-[:FRAMEWORK]-(s:Standard)-[:OCCUPATION]->()-[:BROADER*0..]->(g)
WHERE NOT (g)-[:BROADER]->()
RETURN f.code AS framework, g.code AS code, g.text AS name, count(DISTINCT s) AS standards
ORDER BY framework, code
