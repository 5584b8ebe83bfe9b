import { parser } from '@prometheus-io/lezer-promql';

/** A node of its syntax tree. */
type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** A selector of an expression: `name{matcher="..."}`. */
export interface Selector {
  metric: string;
  /** Names of the labels that it matches by. */
  matchers: string[];
  /** What the aggregations around it group by, the outermost first. */
  groupings: string[][];
}

/** What an expression is made of. */
export interface ParsedQuery {
  selectors: Selector[];
  /** The first piece that Prometheus would not understand. */
  error: string | undefined;
}

/**
 * Takes a PromQL expression apart with the grammar of Prometheus' own editor. Grafana's `$__rate_interval` stands for a
 * duration, as Grafana puts it in.
 */
export function parsePromql(expression: string): ParsedQuery {
  const text = expression.replaceAll('$__rate_interval', '1m');
  const textOf = ({ from, to }: SyntaxNode): string => text.slice(from, to);
  const parsed: ParsedQuery = { selectors: [], error: undefined };
  parser.parse(text).iterate({
    enter: ({ node, type }) => {
      if (type.isError) parsed.error ??= `${text.slice(0, node.from)} ⚠ ${text.slice(node.from)}`;
      if (type.name !== 'VectorSelector') return;
      const name = node.getChild('Identifier');
      const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
      parsed.selectors.push({
        metric: name ? textOf(name) : '',
        matchers: matchers.flatMap((one) => one.getChildren('LabelName').map(textOf)),
        groupings: aggregationsAround(node).map((labels) => labels.map(textOf)),
      });
    },
  });
  return parsed;
}

function aggregationsAround(selector: SyntaxNode): SyntaxNode[][] {
  const found: SyntaxNode[][] = [];
  for (let node = selector.parent; node; node = node.parent)
    if (node.name === 'AggregateExpr')
      found.unshift(
        node.getChild('AggregateModifier')?.getChild('GroupingLabels')?.getChildren('LabelName') ?? [],
      );
  return found;
}
