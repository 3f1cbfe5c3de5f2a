"""What a user's Cypher may consist of: lists of what is let through. What is in none of them is refused."""

from __future__ import annotations

__all__ = ["CLAUSES_OF_OTHERS", "READING_FUNCTIONS", "READING_NODES", "READING_PROCEDURES"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A kind of node that another version of the parser brings is refused until somebody has looked at it.
READING_NODES = _words("""
    AbbreviatedEdgePattern AggregateFunction AllPathSearch AllShortestPathSearch
    AmbientLinearQueryStatement Anonymous AnyPathSearch AnyShortestPathSearch ArithmeticFactor
    ArithmeticTerm ArithmeticValueExpression Asterisk BindingVariableReference
    BindingVariableReferenceList BooleanFactor BooleanLiteral BooleanTerm BooleanTest
    BooleanValueExpression CallProcedureStatement CaseExpression CatalogObjectParentReference
    CatalogProcedureParentAndName CharacterStringLiteral CharacterStringValueExpression
    ComparisonPredicate ComparisonPredicatePart2 CompositeQueryExpression ConcatenationValueExpression
    CountedShortestGroupSearch CountedShortestPathSearch CypherChainedComparison
    CypherPatternComprehension CypherPatternPredicate CypherPredicateComparison CypherReduce
    CypherSimpleCase CypherSliceExpression CypherSubscriptExpression CypherWhenClause CypherWithStatement
    ElementPatternFiller ElementPatternWhereClause ElementPropertySpecification ElementVariableDeclaration
    ElseClause ExistsPredicate Factor Field FieldList FieldsSpecification FilterStatement FilteredYield
    FixedQuantifier ForItem ForItemAlias ForStatement FullEdgeAnyDirection FullEdgeLeftOrRight
    FullEdgePointingLeft FullEdgePointingRight FunctionCall GeneralParameterReference GeneralQuantifier
    GeneralValueSpecification GqlProgram GraphPattern GraphPatternBindingTable GraphPatternWhereClause
    HintedPattern Identifier InPredicate InlineProcedureCall IsLabelExpression IsLabeledOrColon
    LabelExpression LabelFactor LabelName LabelNegation LabelTerm LabeledPredicate LabeledPredicatePart2
    LimitClause LinearCatalogModifyingStatement ListComprehension ListElementList ListPredicateFunction
    ListValueConstructorByEnumeration ListValueExpression MapProjection MatchStatementBlock
    ModulusExpression NamedProcedureCall NestedProcedureSpecification NestedQuerySpecification NodePattern
    NormalizedPredicate NormalizedPredicatePart2 NullLiteral NullPredicate NullPredicatePart2
    NumericValueExpression OffsetClause OptionalMatchStatement OptionalOperand OrderByAndPageStatement
    OrderByClause OrderingSpecification ParenthesizedBooleanValueExpression ParenthesizedLabelExpression
    ParenthesizedPathPatternExpression ParenthesizedPathPatternWhereClause ParenthesizedValueExpression
    PathModePrefix PathOrPaths PathPattern PathPatternList PathTerm PathVariableDeclaration PowerFunction
    PrimitiveResultStatement ProcedureArgumentList ProcedureBody PropertyKeyValuePair
    PropertyKeyValuePairList PropertyName PropertyReference QuantifiedPathPrimary QueryConjunction
    QueryPrefix RecordConstructor RegexMatchPredicate ReturnItem ReturnItemAlias ReturnItemList
    ReturnStatement ReturnStatementBody SearchedCase SearchedWhenClause SetOperator SetQuantifier
    ShortestPath SimpleCase SimpleLinearDataAccessingStatement SimpleLinearQueryStatement
    SimpleMatchStatement SimpleWhenClause SortSpecification SortSpecificationList StatementBlock
    StringMatchPredicate StringValueExpression SubpathVariableDeclaration Subquery Term
    TransactionActivity TruthValue TypePredicate UnsignedInteger UnsignedNumericLiteral ValueTypePredicate
    VariableScopeClause WhenOperandList WhereClause WildcardLabel YieldClause YieldItem YieldItemAlias
    YieldItemList _Colon _ExistsGraphPattern _ExistsMatchStatementBlock _False _Finish _IsNotTruthValue
    _MultiplicativeFactor _NoBindings _OffsetClauseLimitClause _OpBooleanTerm
    _OrderByClauseOffsetClauseLimitClause _ProcedureSpecificationEndTransactionCommand
    _ProgramActivitySessionCloseCommand _QueryConjunctionElement _ReturnStatementOrderByAndPageStatement
    _SetQuantifierAsteriskGroupByClause _SetQuantifierReturnItemListGroupByClause _SignedTerm
    _SimpleLinearQueryStatementPrimitiveResultStatement _True
""")
"""The parser's kinds of nodes that are in reading queries, by their class names."""

READING_PROCEDURES = _words("""
    db.index.fulltext.querynodes db.index.fulltext.queryrelationships db.index.vector.querynodes
    db.index.vector.queryrelationships db.labels db.propertykeys db.relationshiptypes
    db.schema.nodetypeproperties db.schema.reltypeproperties db.schema.visualization
""")
"""In small letters, as Neo4j reads them whatever their case."""

READING_FUNCTIONS = _words("""
    abs acos asin atan atan2 avg btrim ceil char_length character_length coalesce collect cos cosh cot
    coth count date date.realtime date.statement date.transaction date.truncate datetime
    datetime.fromepoch datetime.fromepochmillis datetime.realtime datetime.statement datetime.transaction
    datetime.truncate degrees duration duration.between duration.indays duration.inmonths
    duration.inseconds e elementid endnode exists exp floor haversin head id isempty isnan keys labels
    last left length localdatetime localdatetime.realtime localdatetime.statement
    localdatetime.transaction localdatetime.truncate localtime localtime.realtime localtime.statement
    localtime.transaction localtime.truncate log log10 lower ltrim max min nodes normalize nullif
    percentilecont percentiledisc pi point point.distance point.withinbbox properties radians rand
    randomuuid range relationships replace reverse right round rtrim sign sin sinh size split sqrt
    startnode stdev stdevp substring sum tail tan tanh time time.realtime time.statement time.transaction
    time.truncate timestamp toboolean tobooleanlist tobooleanornull tofloat tofloatlist tofloatornull
    tointeger tointegerlist tointegerornull tolower tostring tostringlist tostringornull toupper trim type
    upper valuetype vector.similarity.cosine vector.similarity.euclidean
""")
"""In small letters."""

CLAUSES_OF_OTHERS = _words("""
    ALTER CREATE DEALLOCATE DELETE DENY DETACH DROP DRYRUN ENABLE FOREACH GRANT INSERT LOAD MERGE NODETACH
    PROFILE REALLOCATE REMOVE RENAME REVOKE SET SHOW START STOP TERMINATE TRANSACTIONS USE
""")
"""Words that begin what is not for readers, in capitals."""
