import { atRealServers } from '../../vault/test/realServers.ts';
import { serverVaultCases } from './serverVault.cases.ts';

atRealServers(serverVaultCases);
