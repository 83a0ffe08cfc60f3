import type { Callers, Gives } from '../src/protocol/operations/Operation.ts';
import { servedOperations, type ServedOperation } from '../src/http/operations/operations.ts';
import { Either, ListOf, Named, type Shape } from '../src/protocol/wire/findShapeError.ts';
import { ABOUT_HTTP } from './aboutHttp.ts';
import { exampleBlocks } from './exampleBlocks.ts';

const HEAD = `# HTTP API

Every organisation’s node serves this API below the address of its agent, such as \`http://127.0.0.1:8480/hospital\`, and
describes it in OpenAPI 3.1 at \`/v1/openapi.json\`, with all schemas. In TypeScript the [SDK](../use/sdk.md) is the
shorter way; [another page](../use/other-languages.md) says how to sign, seal and open in any other language, with an example
in Python. This page is generated from the same table as the routes and the document.

Each operation has an example, recorded from a demonstration. Here \`AGENT\` is the agent’s address, and \`…\` stands for
what was cut out. The document has the same examples, with whole hashes and signatures; an answer that is a list has only
its first member there, and sealed content and recipients are cut.
`;

/** The HTTP API as a page in Markdown: `docs/reference/http.md`. */
export function httpPage(): string {
  const tags = [...new Set(servedOperations.map(({ tag }) => tag))];
  const groups = tags.map((tag) => {
    const described = servedOperations.filter((each) => each.tag === tag).map(describe);
    return `## ${tag}\n\n${described.join('\n\n')}`;
  });
  return `${HEAD}\n${ABOUT_HTTP}\n${groups.join('\n\n')}\n`;
}

const MAY_CALL: Readonly<Record<Callers, string>> = {
  anyone: 'Open to anyone.',
  signer: 'Open to those whose signature goes with it.',
  ticket: 'Open to those who hold the ticket of a release.',
};

function describe(operation: ServedOperation): string {
  const {
    method,
    path,
    summary,
    description,
    parameters,
    callers,
    takes,
    gives,
    refuses,
    authorization,
    headers = {},
  } = operation;
  const lines = [
    ...Object.entries(parameters).map(([name, of]) => `- \`${name}\`: ${of.description}`),
    ...Object.entries(headers).map(([name, does]) => `- Header \`${name}\`: ${does}`),
    ...(authorization === undefined ? [] : [`- Header \`Authorization: ${authorization} …\``]),
    `- ${MAY_CALL[callers]}`,
    ...(takes === undefined ? [] : [`- Takes ${takes === 'bytes' ? 'bytes' : nameOf(takes)}.`]),
    ...Object.entries(gives).map(([status, given]) => `- ${status}: ${contentOf(given)}.`),
    ...(refuses.length === 0
      ? []
      : [`- Refuses with ${refuses.map((code) => `\`${code}\``).join(', ')}.`]),
  ];
  const example = exampleBlocks(operation);
  return [`### ${method} \`${path}\``, summary, description, lines.join('\n'), example]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

function contentOf(given: Gives): string {
  if ('nothing' in given) return 'no content';
  return 'media' in given ? `\`${given.media}\`` : nameOf(given.json);
}

/** A shape by the name of its type. */
function nameOf(shape: Shape): string {
  if (shape instanceof Named) return `\`${shape.name}\``;
  if (shape instanceof Either) return shape.shapes.map(nameOf).join(' or ');
  if (shape instanceof ListOf) return `a list of up to ${shape.longest} of ${nameOf(shape.shape)}`;
  if (Array.isArray(shape)) return `a list of ${nameOf((shape as readonly [Shape])[0])}`;
  return 'JSON';
}
