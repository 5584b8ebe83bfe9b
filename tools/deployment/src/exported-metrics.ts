import { assemble, type DeclaredMetric } from './assembled';
import { parsePromql, type Selector } from './promql';
import { SERVICES } from './services';

/** What Prometheus and its operator add to each series that they scrape. */
const SCRAPED = ['namespace', 'service', 'pod', 'instance', 'job', 'container', 'endpoint'];

/** What dashboards and alerts use beside our own: of Prometheus itself, and of kube-state-metrics. */
const AROUND: Readonly<Record<string, readonly string[]>> = {
  up: [],
  kube_deployment_status_replicas_available: ['deployment'],
};

/** The metrics of all services, as their own registries declare them. */
export class ExportedMetrics {
  private constructor(readonly byService: ReadonlyMap<string, readonly DeclaredMetric[]>) {}

  /** Asks each service for what it exports. */
  static async collect(): Promise<ExportedMetrics> {
    const byService = new Map<string, readonly DeclaredMetric[]>();
    for (const service of SERVICES) {
      const assembled = await assemble(service);
      byService.set(service.description.name, assembled.metrics);
      await assembled.close();
    }
    return new ExportedMetrics(byService);
  }

  /** The metrics of that name, each of a service. */
  declarationsOf(name: string): DeclaredMetric[] {
    return [...this.byService.values()].flat().filter((one) => one.name === name);
  }

  /** The names of our own metrics, without what the runtime tells. */
  ownNames(): string[] {
    const names = [...this.byService.values()].flat().map(({ name }) => name);
    return [...new Set(names)].filter((name) => name.startsWith('relay_')).sort();
  }

  /** The labels that a series has, or undefined when nothing exports it; a histogram is three series. */
  labelsOf(series: string): string[] | undefined {
    const around = AROUND[series];
    if (around) return [...around, ...SCRAPED];
    const base = this.baseOf(series);
    const [declared] = this.declarationsOf(base);
    // A histogram has no series of its bare name.
    if (!declared || (declared.type === 'histogram') === (base === series)) return undefined;
    return [...declared.labels, ...(series.endsWith('_bucket') ? ['le'] : []), ...SCRAPED];
  }

  /** The metric that a series belongs to. */
  baseOf(series: string): string {
    const histogram = series.replace(/_(?:bucket|sum|count)$/, '');
    return this.declarationsOf(histogram).some(({ type }) => type === 'histogram') ? histogram : series;
  }

  /** What is wrong with an expression: its form, series that nobody exports, labels that they do not have. */
  problemsOf(expression: string): string[] {
    const { selectors, error } = parsePromql(expression);
    if (error !== undefined) return [error];
    if (selectors.length === 0) return ['it looks at no metric'];
    return selectors.flatMap((selector) => this.problemsOfSelector(selector));
  }

  private problemsOfSelector({ metric, matchers, groupings }: Selector): string[] {
    const known = this.labelsOf(metric);
    if (!known) return [`nobody exports ${metric}`];
    return [...matchers, ...groupings.flat()]
      .filter((label) => !known.includes(label))
      .map((label) => `${metric} has no label ${label}`);
  }
}
