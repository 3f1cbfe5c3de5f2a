// en: What did readers doubt, and how often?
// zh-Hant: 讀取文件時有哪些存疑之處？次數多少？
// shows: kinds of doubts with the number of documents and of places

MATCH (d)-[:HAS_DOUBT]->(p:Doubt)
RETURN p.kind AS kind, count(DISTINCT d) AS documents, count(DISTINCT p) AS places
ORDER BY places DESC, kind
