import { DEFAULT_REQUEST_LIMITS } from '../src/http/limits/RequestLimits.ts';
import { REQUEST_JSON_MOST } from '../src/http/limits/requestJsonLimits.ts';
import { MAX_SUBMISSIONS } from '../src/protocol/shapes/askedShapes.ts';

const { requestsPerSecond, burst, requests, files, bodyBytes, bodyTime, leastRate, pause } =
  DEFAULT_REQUEST_LIMITS;

/** Introduction to the HTTP API, which opens the document and docs/reference/http.md. */
export const ABOUT_HTTP = `An agent is the endpoint for parties of an organisation’s node. It takes requests that parties have signed; it has no
sessions and no passwords. Do not trust its answers: you can verify every answer that matters against the
network file, which you got out of band and pinned.

## Signing

Every request of a party is an EIP-712 struct. The domain is \`{ name: "Medseal", version: "1", chainId, salt }\`
with \`chainId\` = \`ledger.chainId\` and \`salt\` = \`networkId\` of the network file; it has no other fields. The schema of
each struct carries its fields in order as \`x-eip712\`; \`uint\` fields are numbers in JSON. The signature is 65 bytes,
r ‖ s ‖ v over the digest, with a low s and v 27 or 28. A signed request is \`{ type, party, message, signature }\`, where
\`type\` is the struct’s name and \`party\` the address that the party was enrolled with. A struct’s \`salt\` is 16 random
bytes, new in each request; its \`deadline\` is in Unix seconds, at most 600 ahead. A \`grant\` or \`record\` that a request
does not use is 32 zero bytes.

A party enrols with an \`Application\`: \`recipient\` is SHA-256 of the text of its age recipient, which the card carries.

## Answers

Bytes are hexadecimal in lower case with the prefix \`0x\`. An error is a problem (RFC 9457): \`code\` is stable, \`next\` says
what to do, \`instance\` names the request for its operator.

A chart is made from the node’s copies of all logs, which get the entries of other organisations with their checkpoints.
\`release.known\` gives the number of entries of each log that it was made from, as the node claims. To read what was
acknowledged to you elsewhere, name those entries in \`after\` of the submission, 16 at most: the node holds the chart back
until it has them, for 5 seconds at most, and then answers with what it has.

## Keeping

An answer that may be cached has an \`ETag\`; \`If-None-Match\` gets 304. Receipts, full tiles and the like never change and say so
(\`immutable\`). Sealed files and answers to signed requests are not to be kept (\`no-store\`).

## Limits

Unless the operator configures otherwise: ${requestsPerSecond} requests of one address in a second, ${burst} at once (429), of which a list of
submissions counts as one for each two in it, and a call that reads the ledger as what the ledger does for it; while others ask too, a quarter
of a processor for one address, 5 s of it at once (429): each answer is charged by the time that it took, whatever its route;
while other parties ask too, half a processor for one party from whatever addresses, 20 s of it at once (\`QUOTA_SPENT\`, without an entry in the log);
${requests} requests and ${files} sealed files at once, an eighth of them from one address; more wait for a while (503);
${bodyBytes / 2 ** 20} MiB of JSON with up to ${REQUEST_JSON_MOST.values.toLocaleString('en')} values and ${REQUEST_JSON_MOST.names.toLocaleString('en')} different names of fields, and
${MAX_SUBMISSIONS} submissions in one request (413), which must arrive within ${bodyTime / 1000} s; bodies arrive with ${leastRate / 2 ** 10} KiB/s, ${pause / 1000} s behind that at most (408), and not in tiny pieces (413); 16 KiB of headers (431). \`Retry-After\` says when to try again.

## Finding a request again

The answer names the request in \`X-Request-Id\`: your own id, the trace of your \`traceparent\`, or a new one. The
\`traceparent\` of the answer continues your trace.
`;
