import { useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { pathOfSearch } from './pathOfSearch.ts';

/** Searches for a block, an entry, an address or a hash. */
export function SearchLedger(): ReactNode {
  const { say } = useWords();
  const [, go] = useLocation();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const path = pathOfSearch(text);
        setWrong(path === undefined);
        if (path !== undefined) go(path);
      }}
    >
      <TextField
        label={say('explorer.search')}
        hint={say('explorer.search-hint')}
        value={text}
        autoComplete="off"
        spellCheck={false}
        error={wrong ? say('explorer.search-wrong') : undefined}
        onChange={setText}
      />
      <Button type="submit" kind="main">
        {say('explorer.search-go')}
      </Button>
    </form>
  );
}
