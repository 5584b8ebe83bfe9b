import type { KubernetesObject } from '@kubernetes/client-node';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { CronJob, Job } from 'kubernetes-models/batch/v1';
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Service, ServiceAccount } from 'kubernetes-models/v1';
import { listUnknownFields, modelNameOf } from './unknown-fields';

type Schema = new (data: never) => { validate(): void };

/** The kinds that we deploy, each with its schema. */
const SCHEMAS: Readonly<Record<string, Schema>> = {
  'apps/v1 Deployment': Deployment,
  'autoscaling/v2 HorizontalPodAutoscaler': HorizontalPodAutoscaler,
  'batch/v1 CronJob': CronJob,
  'batch/v1 Job': Job,
  'networking.k8s.io/v1 Ingress': Ingress,
  'networking.k8s.io/v1 NetworkPolicy': NetworkPolicy,
  'policy/v1 PodDisruptionBudget': PodDisruptionBudget,
  'v1 ConfigMap': ConfigMap,
  'v1 Service': Service,
  'v1 ServiceAccount': ServiceAccount,
};

/** Custom resources, of which the schemas above know nothing: their fields as the operator's documentation lists them. */
const CUSTOM: Readonly<Record<string, (spec: Record<string, unknown>) => string[]>> = {
  'monitoring.coreos.com/v1 ServiceMonitor': (spec) => [
    ...unknownOf(spec, ['selector', 'jobLabel', 'endpoints'], 'spec'),
    ...listOf(spec['endpoints']).flatMap((endpoint, index) => [
      ...unknownOf(endpoint, ['port', 'path', 'interval', 'relabelings'], `spec.endpoints[${index}]`),
      ...listOf(endpoint['relabelings']).flatMap((one) =>
        unknownOf(one, ['sourceLabels', 'targetLabel'], `spec.endpoints[${index}].relabelings`),
      ),
    ]),
  ],
  'monitoring.coreos.com/v1 PrometheusRule': (spec) => [
    ...unknownOf(spec, ['groups'], 'spec'),
    ...listOf(spec['groups']).flatMap((group) => [
      ...unknownOf(group, ['name', 'rules'], 'spec.groups'),
      ...listOf(group['rules']).flatMap((rule) =>
        unknownOf(rule, ['alert', 'expr', 'for', 'labels', 'annotations'], 'spec.groups.rules'),
      ),
    ]),
  ],
};

/** What is wrong with an object: against its schema, and fields that its kind does not have. */
export function listProblems(object: KubernetesObject): string[] {
  const { apiVersion = '', kind = '' } = object;
  const type = `${apiVersion} ${kind}`;
  const custom = CUSTOM[type];
  if (custom) return custom((object as { spec?: Record<string, unknown> }).spec ?? {});
  const schema = SCHEMAS[type];
  if (!schema) return [`${type} is a kind that nobody checks`];
  return [...againstSchema(schema, object), ...listUnknownFields(object, modelNameOf(apiVersion, kind))];
}

function againstSchema(schema: Schema, object: KubernetesObject): string[] {
  try {
    new schema(object as never).validate();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

function unknownOf(value: Record<string, unknown>, known: readonly string[], path: string): string[] {
  return Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => `${path}.${name}`);
}

function listOf(value: unknown): Record<string, unknown>[] {
  return (value ?? []) as Record<string, unknown>[];
}
