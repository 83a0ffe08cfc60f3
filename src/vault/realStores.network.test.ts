import { serverStoreCases } from './serverStore.cases.ts';
import { killedPutCases } from './killedPut.cases.ts';
import { atRealServers } from './test/realServers.ts';

atRealServers((name, kind, start) => {
  serverStoreCases(name, kind, start, 2 ** 30);
  killedPutCases(name, kind, start);
});
