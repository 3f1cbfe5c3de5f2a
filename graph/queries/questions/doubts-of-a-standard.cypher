// en: Where is a document doubtful?
// zh-Hant: 一份文件有哪些存疑之處？
// shows: the doubts about one document with the place (a code or a field) and the line or page
// edit: the code of the standard

WITH "BGM1219-002v2" AS code
MATCH (:Standard {code: code})-[:HAS_DOUBT]->(d)
RETURN d.position AS position, d.kind AS kind, d.where AS where, d.message AS message,
  coalesce(d.line, d.page, 0) AS place
ORDER BY position
