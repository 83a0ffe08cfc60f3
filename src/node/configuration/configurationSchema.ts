import { settings } from './settings.ts';

/** The JSON Schema (2020-12) of `medseal.json`. */
export function configurationSchema(): object {
  const groups: Record<string, Record<string, object>> = {};
  for (const { key, about, fragment, otherwise } of settings) {
    const [group = '', name = ''] = key.split('.');
    const fallback = otherwise === undefined ? {} : { default: otherwise };
    (groups[group] ??= {})[name] = { description: about, ...fragment, ...fallback };
  }
  const properties = Object.entries(groups).map(([group, fields]) => [
    group,
    { type: 'object', additionalProperties: false, properties: fields },
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of a Medseal node',
    type: 'object',
    additionalProperties: false,
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(properties) },
  };
}
