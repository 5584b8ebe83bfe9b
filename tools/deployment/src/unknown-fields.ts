import * as models from '@kubernetes/client-node/dist/gen/models/all.js';

interface Attribute {
  name: string;
  baseName: string;
  type: string;
}

/** A class of the Kubernetes client, which knows the fields of its kind. */
interface Model {
  getAttributeTypeMap(): readonly Attribute[];
}

const MODELS = models as unknown as Readonly<Record<string, Partial<Model> | undefined>>;

/** The client's name of a kind: `apps/v1` Deployment is `V1Deployment`. */
export function modelNameOf(apiVersion: string, kind: string): string {
  const version = apiVersion.split('/').at(-1) ?? '';
  return `${version.charAt(0).toUpperCase()}${version.slice(1)}${kind}`;
}

/**
 * Paths of fields that the kind does not know: a typing error, which the API server of an older `kubectl apply` drops
 * without a word. The schema check does not see them.
 *
 * @param value an object, or a part of one
 * @param type the client's type of it, such as `V1Deployment`, `Array<V1Container>` or `{ [key: string]: string; }`
 * @throws Error for a type that the client does not know
 */
export function listUnknownFields(value: unknown, type: string, path = ''): string[] {
  const element = /^Array<(.+)>$/.exec(type)?.[1];
  if (element !== undefined)
    return (value as unknown[]).flatMap((one, index) => listUnknownFields(one, element, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null || /^(?:\{|any|object|string|Date|IntOrString)/.test(type))
    return [];
  const attributes = MODELS[type]?.getAttributeTypeMap?.();
  if (!attributes) throw new Error(`${path}: the client knows no ${type}`);
  return Object.entries(value).flatMap(([name, part]) => {
    const attribute = attributes.find(({ baseName }) => baseName === name);
    return attribute ? listUnknownFields(part, attribute.type, `${path}.${name}`) : [`${path}.${name}`];
  });
}
