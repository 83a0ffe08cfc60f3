import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { base64 } from '@scure/base';
import { bytesToUtf8 } from '../crypto/bytes.ts';
import { ageIdentity } from '../crypto/keys/ageIdentity.ts';
import { openBytes } from '../crypto/sealing/openBytes.ts';
import { portableCipher } from '../crypto/sealing/portableCipher.ts';
import { nativeCipher } from './nativeCipher.ts';

/** A file that `filippo.io/age` 1.3.1 sealed to the identity whose seed is 32 bytes of 7. */
const SEALED = [
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IG1sa2VtNzY4eDI1NTE5IExkMmYyYnRUZGJwN1hZajlDc3JoTW1ScVFlV2Rm',
  'NDlPUWgwR2NZR2hpN1ltZCt2S3h3dlpVQXFqK0xWMFN4UUZlNC9yeW80czRKZ0FDcnZPajd6Ui83WG5hckJSOURSWWdt',
  'eFBjZnBuY2s4MnZKSDNabXN4MEU1WjF2RTBXOENFb1RTTDBpS0FtdVFOYi8vNXNnaFlqZEt6UG8rZFpMbXh2SnNUUkgr',
  'ZGorT0FqYkVpbmpQMWtTcVk1QnhBQkRNWEZEZjd0OVVKTkltOUVuRmZEMXQzaHF1ZUFHMVhHZVRyMXVQRXYwQlM1eFlG',
  'Q0Rodk41NnFic0h5ZDJaemNra2orSFh3c1BKQVd5L3JzdmlKQjhub0txdk1lMldZSjJrRUhtTlRpcDBJVGlYWmpxaVEx',
  'd0RLK3B5NWZjRXBKU1ZsVHFxZDZhWGJjc2N4UTF1eHB4RStoU2p3ZXlUblMzbmhld0NWSlVEMDZGeHJSNXNDSkc5WDl5',
  'aHBIcmdFaS9SODgrelljbFZDQ2poRk1BejVaa1ZrZU5nNGkyQVhCVGY4UE50NUdoWHdIcExtdmpsMmxRakhucEVxT2dh',
  'Vk4yendvQjhFSWYyVXNyVVhTcGx5N2syRFo5RkozRThMektONGhLVHFKclRNYlJ6ZmMwbWxJN1M1MC9Td0tNY3FHdUU0',
  'V2lsR0libkI4MTlINDRiZmZhMGZTOURhekswM0VkbDZ0WDZGVDhubVBYbG1FQW1Lb1RQSjdrU2czMzdPcS90aUFkV25n',
  'dnNzVFRwVHlCNytmU1IyMmUzbGlzZEtyR3RDUVBNNWR6VHBBUGJQT0ZNV0h2MUZ1bkxydW9IczcrVk1hTXo2MmR4VnZ2',
  'TUtDdWFKV0xScHhOY2Raa01DVkFWYlErVEZrb0ZZenRLTzA4VGRCMmxsQjVUb0JEdzBnUTVnbmlBNFc1QVE5cG1IdTVH',
  'RU9KSkJYbkgveExQVjFpWlpGM3A4Y2N4TVE4cklUWnlsVDQvQnN3S1RRUnNVQnRhSVRWdUlmU243R3Y2c3d1NzFYRTFk',
  'a0ozS05sWnZ3MWhkU0R4SWdaU2VvNHJKeXRtZEV6a1p2bWUwcmRyMS9FNmJPRG5wcjVmVVZ4ejMvNUtnV1Z6M3Q0ZDhL',
  'M2N6c2gwek11ZmFTNjREZ2E1aDRoSlZYcmV4c0VpL21GSVZRSHNlYnE4L1RadVFyZHU4V2UxQlRQeUt5KzZKR1c2dXJD',
  'MnZNcnh6WHF6aHovMVF4UlJGcjEySDZHazhDdWJKL0pEdTRZNFlSZkZuUjJicEttUkp2Tk84WUlxc0o2SXdTYTY1N1BD',
  'Snc3d1NQMUxvaFg1ZUJPak9pMTdTQitZQ2hqc2NsaDgvTEJTbmRsNmFtS3ZZckdWVlRSU3k1dnRUQnk2dytXdVB1TEhL',
  'eS9iT2k4SHpLUTEyYkMrZ0ttdTEvZUVpTUlBVmVkRTZzT0tRdUEybGNlZFB4UUJ6WStxRVVyNVdSOUJaUGFMd0FWYXRy',
  'Mm1pQWNMU3M0RGdVUEZIdHFrQmQxdVZNQlpqbWFPZ0tZSG1tRWpaMDVwanpyZXczaTk1U2VJa3psdUpLN1V3RW5xb0lu',
  'K0lIR3o0VW5BdkNNbFo3Y1RjQ2NseUhpWkhpbGU4R1BMckNoRldwcVk3emFoS0xSTi92VUc5dDFKZmFwRXJwWUJzVkdB',
  'WkY1d20yVmpuaVhNR21GclBNUnU0cWJrUjRFVUIrdlo2ZTR5OFRsRTArL0JvK0dBV0k5ZE5GdVBTcmJkZXhZWVlNaGFk',
  'eXVPYlh0OS9WWm1JUkc1VUQ2YmEzNDR0RW9pT3YrZXhtc1dsd2lkbFppVC9BTEsvS3dpbUZxQnJFY1dSQk80dFJnR1RO',
  'Wmw1Z0E3WkJWNGRWeW9EUnoxb1FjRzZjVEluV3kzOU10NkxHYjVvL0N3OTZYeWd6eERDbDg5RnFjVlhiM3BTdlpmQzVK',
  'YVUwYml1ZnNWbXJMYTJCdwpIMFl0MFpOSStuVVlpMGZZVTdPdlJWVTlNakg4NnhoWE5aUFlBK0dBT1V3Ci0tLSB6MEZF',
  'QzNaV3ErSHd6WmozUVY0Yk1oMiswckg0VFBPOWpKUmFwZ1NhSWE4Crcxx+q47YaTM7WF0n8tSKNDlgPWauMeXfy5J0Y/',
  'FLmBeLIp1Hq0Wd/tTmnd6o4wqPUEKU/YckGj3PTSsVqkj9M=',
].join('');

describe('a file that another implementation sealed', () => {
  for (const [name, cipher] of Object.entries({ portableCipher, nativeCipher })) {
    it(`opens with ${name}, today and in twenty years`, async () => {
      const identity = ageIdentity(new Uint8Array(32).fill(7));
      const opened = await openBytes([identity], base64.decode(SEALED), { cipher });
      assert.equal(bytesToUtf8(opened), 'Sealed by filippo.io/age 1.3.1.\n');
    });
  }
});
