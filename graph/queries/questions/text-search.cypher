// en: What speaks of conflict, and where?
// zh-Hant: 哪些內容提到「衝突」？在何處？
// shows: elements in Chinese whose text has a word, with their standard; the language is compared with langMatches
// edit: the word, and the language

WITH "衝突" AS word
MATCH (e:Element)-[:OF_STANDARD]->(s:Standard)
WHERE e.text CONTAINS word AND e.lang = "zh-Hant"
RETURN s.code AS standard, e.code AS code, e.text AS text
ORDER BY standard, code
