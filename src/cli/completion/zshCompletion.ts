import type { Completed } from './Completed.ts';

/**
 * A completion for zsh.
 *
 * @param commands - All of them.
 */
export function zshCompletion(commands: readonly Completed[]): string {
  return `#compdef medseal
${commands.map(functionOf).join('\n')}
_medseal "$@"
`;
}

function functionOf({ path, commands, options }: Completed): string {
  const own = nameOf(path);
  const flags = options.map(
    ({ long, about, value }) => `    '${long}[${quoted(about)}]${value ? ':value:_files' : ''}' \\`,
  );
  const help = "    '--help[show this help]' \\";
  if (commands.length === 0) {
    return `${own}() {\n  _arguments \\\n${[...flags, help].join('\n')}\n    '*:file:_files'\n}`;
  }
  const below = commands.map(({ name, about }) => `    '${name}:${quoted(about)}'`);
  const cases = commands.map(({ name }) => `        ${name}) ${nameOf([...path, name])} ;;`);
  return `${own}() {
  local state line
  local -a commands=(
${below.join('\n')}
  )
  _arguments -C \\
${[...flags, help].join('\n')}
    '1:command:->command' \\
    '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $line[1] in
${cases.join('\n')}
      esac ;;
  esac
}`;
}

function nameOf(path: readonly string[]): string {
  return ['_medseal', ...path].join('_');
}

function quoted(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, '\\$&');
}
