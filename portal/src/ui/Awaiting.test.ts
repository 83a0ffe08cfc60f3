import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseTypeScript, walk, type SyntaxNode } from '../../../scripts/parseTypeScript.ts';

const SRC = new URL('..', import.meta.url);
/** Files that show a wait or a failure of a task without `Awaiting`, each with the reason. */
const EXCEPT: Readonly<Record<string, string>> = {
  'App.tsx': 'the way to the records on this device stands beside the failure',
  'pdf/PdfView.tsx': 'a document is not a task: its loader tells a fault by a word of its own',
  'screens/add/AddForm.tsx': 'the progress stands below the question that a failure asks',
  'screens/archive/BringArchive.tsx': 'a sheet waits with a progress bar, which its caller draws',
  'screens/chart/ChartScreen.tsx': 'the way to ask for a right stands below the failure',
  'screens/exchange/ConsentedRights.tsx':
    'a sheet waits with a progress bar, which its caller draws',
  'screens/prescriptions/OwnPrescriptions.tsx':
    'a void code is left out until the new one is there',
  'ui/Adding.tsx': 'is what a screen waits for, with its progress',
  'ui/Awaiting.tsx': 'is the component',
  'ui/ListCounted.tsx': 'a count says its state in a line of text',
  'ui/Opening.tsx': 'is what a screen waits for, in words of the organisations that release',
  'ui/PendingAudit.tsx': 'is what a screen waits for, with its progress',
  'ui/Steps.tsx': 'is what a screen waits for, with the steps that are done',
};

describe('a screen that waits', () => {
  it('says so, and why it failed, through one component', async () => {
    const faults: string[] = [];
    const without = new Set(Object.keys(EXCEPT));
    for (const file of globSync('**/*.tsx', { cwd: SRC }).toSorted()) {
      const by = ladders(await parseTypeScript(readFileSync(new URL(file, SRC), 'utf8')));
      if (by.length > 0 && !without.delete(file)) faults.push(`${file}: ${by.join(', ')}`);
    }
    assert.deepEqual(faults, [], 'use Awaiting of portal/src/ui');
    assert.deepEqual([...without], [], 'these need no exception any more');
  });

  it('is found in each way in which it could be written by hand', async () => {
    for (const source of [
      'const a = <Pending what="opening" />',
      'const a = <Failure error={saving.error} />',
      'const a = found.state === "failed" && <Notice kind="bad" />',
      'const a = found.state === "working" && isOpen ? <Spinner /> : null',
      'const a = saving.busy && <Steps at={1} />',
      'function A() { if (found.state === "working") return <p role="status" />; }',
    ]) {
      assert.equal(ladders(await parseTypeScript(source)).length, 1, source);
    }
    for (const source of [
      'const a = <Awaiting on={found} what="opening" />',
      'const a = <Failure error={error} />',
      'const a = <Button busy={saving.busy || found.state === "working"} />',
      'const a = !run.busy && <ScanCode />',
      'const a = (isAsked || saving.busy) && <Sheet />',
      'function A() { if (found.state === "failed") again(); }',
      'const a = found.state === "done" && <p>{found.value}</p>',
    ]) {
      assert.deepEqual(ladders(await parseTypeScript(source)), [], source);
    }
  });
});

/** Parts of a file that show a wait, or the failure of a task, by themselves. */
function ladders(tree: unknown): readonly string[] {
  const found: string[] = [];
  walk(tree, (node) => {
    const name = ladderOf(node);
    if (name !== undefined) found.push(name);
  });
  return found;
}

function ladderOf(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case 'JSXOpeningElement': {
      const name = nameOf(node['name']);
      const isWait = name === 'Pending';
      return isWait || (name === 'Failure' && hasTaskError(node)) ? name : undefined;
    }
    case 'LogicalExpression':
      return node['operator'] === '&&' && isElement(node['right'])
        ? stateIn(node['left'])
        : undefined;
    case 'ConditionalExpression':
      return isElement(node['consequent']) ? stateIn(node['test']) : undefined;
    case 'IfStatement':
      return returnsElement(node['consequent']) ? stateIn(node['test']) : undefined;
    default:
      return undefined;
  }
}

/** True for `error={saving.error}`: the failure of something that has a state too. */
function hasTaskError(opening: SyntaxNode): boolean {
  return (opening['attributes'] as readonly SyntaxNode[]).some((attribute) => {
    const value = attribute['value'] as SyntaxNode | null;
    if (nameOf(attribute['name']) !== 'error' || value?.type !== 'JSXExpressionContainer') {
      return false;
    }
    const expression = value['expression'] as SyntaxNode;
    return expression.type === 'MemberExpression' && nameOf(expression['property']) === 'error';
  });
}

/** The state of waiting or failing on which a condition depends, if it is one. */
function stateIn(test: unknown): string | undefined {
  const node = test as SyntaxNode;
  if (node.type === 'LogicalExpression') {
    const state = stateIn(node['left']) ?? stateIn(node['right']);
    // A part that stays while something runs does not wait.
    return node['operator'] === '||' && state === 'busy' ? undefined : state;
  }
  if (node.type === 'MemberExpression') {
    return nameOf(node['property']) === 'busy' ? 'busy' : undefined;
  }
  const { value } = (node['right'] ?? {}) as { readonly value?: unknown };
  const left = node['left'] as SyntaxNode | undefined;
  const isOfState = left?.type === 'MemberExpression' && nameOf(left['property']) === 'state';
  return node.type === 'BinaryExpression' && node['operator'] === '===' && isOfState
    ? ['working', 'failed'].find((state) => state === value)
    : undefined;
}

function isElement(value: unknown): boolean {
  return (value as SyntaxNode).type.startsWith('JSX');
}

function returnsElement(value: unknown): boolean {
  const node = value as SyntaxNode;
  const [first] = node.type === 'BlockStatement' ? (node['body'] as readonly SyntaxNode[]) : [node];
  const returned = first?.type === 'ReturnStatement' ? first['argument'] : undefined;
  return returned !== undefined && returned !== null && isElement(returned);
}

function nameOf(value: unknown): string {
  return String((value as { readonly name?: unknown }).name);
}
