import { spawnSync } from 'node:child_process';
import type {
  KubernetesObject,
  V1ConfigMap,
  V1Container,
  V1CronJob,
  V1Deployment,
  V1Ingress,
  V1Job,
  V1NetworkPolicy,
  V1PodDisruptionBudget,
  V1PodTemplateSpec,
  V1Service,
  V1ServiceAccount,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { pathOf } from './repository';

/** The overlays, each a deployment of its own. */
export const OVERLAYS = ['dev', 'production'] as const;

/** One of the overlays. */
export type Overlay = (typeof OVERLAYS)[number];

/** Whether `kubectl` is there to render with. It is no prerequisite of the tests: they need Node, Java and Maven alone. */
export function hasKubectl(): boolean {
  return spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;
}

/**
 * Renders an overlay as `kubectl apply -k` would.
 * @throws Error with what kubectl says
 */
export function renderOverlay(overlay: Overlay): Rendered {
  const folder = pathOf('k8s', 'overlays', overlay);
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`kubectl kustomize ${overlay}: ${stderr}`);
  return new Rendered(parseAllDocuments(stdout).map((document) => document.toJS() as KubernetesObject));
}

/** The kinds that tests look into. */
interface Kinds {
  ConfigMap: V1ConfigMap;
  CronJob: V1CronJob;
  Deployment: V1Deployment;
  HorizontalPodAutoscaler: V2HorizontalPodAutoscaler;
  Ingress: V1Ingress;
  Job: V1Job;
  NetworkPolicy: V1NetworkPolicy;
  PodDisruptionBudget: V1PodDisruptionBudget;
  PrometheusRule: PrometheusRule;
  Service: V1Service;
  ServiceAccount: V1ServiceAccount;
  ServiceMonitor: ServiceMonitor;
}

/** The Prometheus operator's rules, as far as we use them. */
export interface PrometheusRule extends KubernetesObject {
  spec: { groups: { name: string; rules: AlertRule[] }[] };
}

/** Whom the Prometheus operator lets scrape, as far as we use it. */
export interface ServiceMonitor extends KubernetesObject {
  spec: { selector: { matchLabels: Record<string, string> }; endpoints: { port: string; path: string }[] };
}

/** One alert. */
export interface AlertRule {
  alert: string;
  expr: string;
  for: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** The objects of a rendered overlay. */
export class Rendered {
  constructor(readonly objects: readonly KubernetesObject[]) {}

  /** All objects of a kind. */
  ofKind<K extends keyof Kinds>(kind: K): Kinds[K][] {
    return this.objects.filter((one) => one.kind === kind) as Kinds[K][];
  }

  /** The object of a kind and name. @throws Error when there is none */
  find<K extends keyof Kinds>(kind: K, name: string): Kinds[K] {
    const found = this.ofKind(kind).find((one) => one.metadata?.name === name);
    if (!found) throw new Error(`there is no ${kind} ${name}`);
    return found;
  }

  /** The pods of all that runs, Deployments, Jobs and CronJobs, by the names of those. */
  pods(): Map<string, V1PodTemplateSpec> {
    const jobs = this.ofKind('CronJob').map(({ metadata, spec }) => ({
      metadata,
      spec: spec?.jobTemplate.spec,
    }));
    const workloads = [...this.ofKind('Deployment'), ...this.ofKind('Job'), ...jobs];
    return new Map(
      workloads.flatMap(({ metadata, spec }) => (spec ? [[metadata?.name ?? '', spec.template]] : [])),
    );
  }

  /** The environment of a container as Kubernetes makes it; a secret or a field of the pod stands as {@link FROM}. */
  environmentOf(container: V1Container): Record<string, string> {
    const environment: Record<string, string> = {};
    for (const { configMapRef } of container.envFrom ?? [])
      Object.assign(environment, this.find('ConfigMap', configMapRef?.name ?? '').data);
    for (const { name, value, valueFrom } of container.env ?? []) {
      const key = valueFrom?.configMapKeyRef;
      if (key) environment[name] = this.find('ConfigMap', key.name ?? '').data?.[key.key] ?? '';
      else environment[name] = valueFrom ? FROM : (value ?? '');
    }
    return environment;
  }
}

/** Stands for a value that only the cluster knows. */
export const FROM = '(from the cluster)';
