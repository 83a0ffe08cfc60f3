import { DEFAULT_REQUEST_LIMITS } from '../src/node/http/limits/RequestLimits.ts';
import { REQUEST_JSON_LIMITS } from '../src/node/http/limits/requestJsonLimits.ts';
import { MAX_SUBMISSIONS } from '../src/protocol/shapes/askedShapes.ts';

const { requestsPerSecond, burst, requests, files, bodyBytes, bodyTime, leastRate, pause } =
  DEFAULT_REQUEST_LIMITS;

/** What a reader of the HTTP API has to know before the operations; it opens the document, and docs/http.md. */
export const ABOUT_HTTP = `An agent is the door of an organisation’s node. It takes requests that parties have signed; it knows no
sessions and no passwords. What it answers is not to be trusted: every answer that matters can be checked against the
network file, which you got out of band and pinned.

## Signing

Everything that a party asks for is an EIP-712 struct. The domain is \`{ name: "Medseal", version: "1", chainId, salt }\`
with \`chainId\` = \`ledger.chainId\` and \`salt\` = \`networkId\` of the network file; it has no other fields. The schema of
each struct carries its fields in order as \`x-eip712\`; \`uint\` fields are numbers in JSON. The signature is 65 bytes,
r ‖ s ‖ v over the digest, with a low s and v 27 or 28. A signed request is \`{ type, party, message, signature }\`, where
\`type\` is the struct’s name and \`party\` the address that the party was enrolled with. A struct’s \`salt\` is 16 random
bytes, new in each request; its \`deadline\` is in Unix seconds, at most 600 ahead. A \`grant\` or \`record\` that a request
does not rely on is 32 zero bytes.

A party enrols with an \`Application\`: \`recipient\` is SHA-256 of the text of its age recipient, which the card carries.

## Answers

Bytes are hexadecimal in lower case with the prefix \`0x\`. An error is a problem (RFC 9457): \`code\` is stable, \`next\` says
what to do, \`instance\` names the request for its operator.

A chart is made from the node’s copies of all logs, which get the entries of other organisations with their checkpoints.
\`release.known\` says how many entries of each log it was made from, by the node’s own word. To read what you were
acknowledged elsewhere, name it in \`after\` of the submission, 16 entries at most: the node holds the chart back for 5 seconds
at most until it has them, and then answers with what it has.

## Keeping

What may be kept has an \`ETag\`; \`If-None-Match\` gets 304. Receipts, full tiles and the like never change and say so
(\`immutable\`). Sealed files and answers to signed requests are not to be kept (\`no-store\`).

## Limits

Where the operator says nothing else: ${requestsPerSecond} requests of one address in a second, ${burst} at once (429);
${requests} requests and ${files} sealed files at a time, of one address an eighth, more wait for a while (503);
${bodyBytes / 2 ** 20} MiB of JSON with up to ${REQUEST_JSON_LIMITS.values.toLocaleString('en')} values and ${REQUEST_JSON_LIMITS.names.toLocaleString('en')} different names of fields, and
${MAX_SUBMISSIONS} submissions in one request (413), which must arrive within ${bodyTime / 1000} s; bodies arrive with ${leastRate / 2 ** 10} KiB/s, ${pause / 1000} s behind that at most (408), and not in tiny pieces (413); 16 KiB of headers (431). \`Retry-After\` says when to come again.

## Finding a request again

The answer names the request in \`X-Request-Id\`: your own, the trace of your \`traceparent\`, or a new one. The
\`traceparent\` of the answer goes on with your trace.
`;
