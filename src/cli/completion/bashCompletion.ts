import type { Completed } from './Completed.ts';

/**
 * A completion for bash 4.4 and later.
 *
 * @param commands - All of them.
 */
export function bashCompletion(commands: readonly Completed[]): string {
  const cases = commands.map(({ path, commands: next, options }) => {
    const words = [...next.map(({ name }) => name), ...options.map(({ long }) => long), '--help'];
    return `    '${path.join(' ')}') words='${words.join(' ')}' ;;`;
  });
  const valued = commands.flatMap(({ options }) =>
    options.filter(({ value }) => value).map(({ long }) => long),
  );
  const below = commands.filter(({ path }) => path.length > 1).map(({ path }) => path.join(' '));
  return `# bash completion for medseal
_medseal() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path='' word words='' at
  COMPREPLY=()
  case $previous in
    ${[...new Set(valued)].join('|')}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
  esac
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    case $word in -*) continue ;; esac
    if [[ -z $path ]]; then path=$word; continue; fi
    case "$path $word" in ${below.map((each) => `'${each}'`).join('|')}) path="$path $word" ;; esac
    break
  done
  case $path in
${cases.join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ \${#COMPREPLY[@]} -eq 0 ]]; then mapfile -t COMPREPLY < <(compgen -f -- "$current"); fi
}
complete -o filenames -F _medseal medseal
`;
}
