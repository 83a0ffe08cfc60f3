import type { Command } from 'commander';
import { createProgram } from '../src/cli/createProgram.ts';
import { commandPath } from '../src/cli/program/commandPath.ts';
import { answerShapeOf } from '../src/cli/program/verb.ts';
import { commandsIn } from '../src/cli/test/faultOfLine.ts';
import {
  ADDRESS,
  BYTES32,
  CountBelow,
  Either,
  ListOf,
  MapOf,
  Named,
  OneOf,
  type Shape,
} from '../src/protocol/wire/findShapeError.ts';

const HEAD = `# Commands for programs

With \`--json\` every command prints one JSON document. Its \`ok\` is \`true\` if no faults were found; the other fields are
listed here. A field with \`?\` may be absent. A \`hash\` is \`0x\` and 64 hexadecimal digits, an \`address\` \`0x\` and
40; a moment is in Unix seconds. If a command fails, it prints \`{ ok: false, error }\`: the error has the fields of a
problem, as [errors](errors.md) describes them. \`dev\` and \`up\` print their document when they are ready, without
\`ok\`.

This page is generated from the shapes that tests hold every command to. \`medseal <command> --help\` shows what a command
takes.
`;

/** The answers of all commands as a page in Markdown: `docs/reference/commands.md`. */
export async function commandsPage(): Promise<string> {
  const named = new Map<string, Shape>();
  const sections: string[] = [];
  for (const command of commandsIn(createProgram(process))) {
    const shape = await shapeOf(command);
    if (shape === undefined) continue;
    const about = `${command.description()[0]?.toUpperCase()}${command.description().slice(1)}.`;
    const told = shapeText(shape, (name, of) => named.set(name, of));
    sections.push(`## \`medseal ${commandPath(command)}\`\n\n${about}\n\n${fenced(told)}`);
  }
  const types: string[] = [];
  // A type may name others, which come behind it.
  for (const [name, shape] of named) {
    types.push(`### ${name}\n\n${fenced(shapeText(shape, (inner, of) => named.set(inner, of)))}`);
  }
  return `${[HEAD, ...sections, '## Types', ...types].join('\n\n')}\n`;
}

async function shapeOf(command: Command): Promise<Shape | undefined> {
  return await answerShapeOf(command)?.();
}

/** Names of patterns. */
const PATTERNS: ReadonlyMap<string, string> = new Map([
  [BYTES32.source, 'hash'],
  [ADDRESS.source, 'address'],
]);

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

function shapeText(shape: Shape, name: (name: string, shape: Shape) => void, indent = ''): string {
  const inner = (of: Shape): string => shapeText(of, name, indent);
  if (shape instanceof RegExp) return PATTERNS.get(shape.source) ?? 'text';
  if (shape === 'count' || shape instanceof CountBelow) return 'number';
  if (typeof shape === 'string') return shape;
  if (shape instanceof OneOf)
    return [...shape.words].map((word) => JSON.stringify(word)).join(' | ');
  if (shape instanceof Named) {
    name(shape.name, shape.shape);
    return shape.name;
  }
  if (shape instanceof Either) return shape.shapes.map(inner).join(' | ');
  if (shape instanceof ListOf) return `[${inner(shape.shape)}]`;
  if (shape instanceof MapOf) return `{ <name>: ${inner(shape.values)} }`;
  if (Array.isArray(shape)) return `[${inner((shape as readonly [Shape])[0])}]`;
  const deeper = `${indent}  `;
  const fields = Object.entries(shape as Readonly<Record<string, Shape>>).map(
    ([field, of]) => `${deeper}${field}: ${shapeText(of, name, deeper)}`,
  );
  return ['{', ...fields, `${indent}}`].join('\n');
}
