// en: Which technologies do most occupations use, and where are they in demand?
// zh-Hant: 最多職業使用哪些技術？其中多少職業的需求殷切？
// shows: technologies of O*NET by number of occupations, and in how many of these job advertisements ask for them
// needs: onet

MATCH (s:Standard)-[:USES_TECHNOLOGY]->(t)
WITH t, count(DISTINCT s) AS occupations
ORDER BY occupations DESC, t.text
LIMIT 25
OPTIONAL MATCH (t)<-[:CONCEPT]-(r:Requirement {relation: "in-demand"})
RETURN t.text AS name, occupations, count(r) AS inDemand
ORDER BY occupations DESC, name
