import type { Completed } from './Completed.ts';

/**
 * A completion for fish.
 *
 * @param commands - All of them.
 */
export function fishCompletion(commands: readonly Completed[]): string {
  return `# fish completion for medseal
function __medseal_at
  set -l words
  for word in (commandline -opc)[2..-1]
    string match -q -- '-*' $word; or set -a words $word
  end
  string match -q -- "$argv *" "$words "
end
function __medseal_next
  set -l words
  for word in (commandline -opc)[2..-1]
    string match -q -- '-*' $word; or set -a words $word
  end
  test "$words" = "$argv"
end
${commands.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, commands, options }: Completed): readonly string[] {
  const at = path.join(' ');
  return [
    ...commands.map(
      ({ name, about }) =>
        `complete -c medseal -f -n '__medseal_next ${at}' -a ${name} -d '${quoted(about)}'`,
    ),
    ...(path.length === 0 ? [] : options).map(
      ({ long, about, value }) =>
        `complete -c medseal -n '__medseal_at ${at}' -l ${long.slice(2)}${value ? ' -r' : ''} -d '${quoted(about)}'`,
    ),
  ];
}

function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}
