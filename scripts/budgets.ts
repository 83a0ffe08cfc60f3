/** What all of the client may weigh once it is bundled for a browser and minified, bytes; docs/sdk.md says so. */
export const CLIENT_BUDGET = { minified: 373_000, compressed: 133_000 } as const;

/** What the packed package may weigh, bytes; docs/sdk.md says so. */
export const PACKED_BUDGET = 930_000;
