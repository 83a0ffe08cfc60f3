import { useEffect } from 'react';
import { navigate, useHashLocation } from 'wouter/use-hash-location';
import { PrivatePaths } from './PrivatePaths.ts';

const paths = new PrivatePaths();

/**
 * The location of the page in the part of its address after the `#`, for the router: screens see what a path names, the
 * address and the history do not.
 */
export function usePrivateLocation(): [string, typeof navigate] {
  const [path] = useHashLocation();
  useEffect(() => {
    const short = paths.short(path);
    // Somebody followed a link that names it, and has not been sent to another screen since.
    const isHere = location.hash.replace(/^#?\/?/, '/') === path;
    if (short !== path && isHere) navigate(short, { replace: true });
  }, [path]);
  return [paths.full(path), go];
}

/** Returns the address of a link, for the router. */
usePrivateLocation.hrefs = (path: string): string => `#${paths.short(path)}`;

/** Forgets what the paths of this page name. */
export function forgetPaths(): void {
  paths.forget();
}

const go: typeof navigate = (to, options) => navigate(paths.short(to), options);
