// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {KeyReplacement, StakeChange} from "../RequestTypes.sol";
import {IValidators} from "../interfaces/IValidators.sol";
import {World} from "./World.t.sol";

/// A network with validators, which a test founds; and for every kind of request about their stake and keys a function that
/// sends it alone, signed by the coordinators whose bit is set.
abstract contract Staking is World {
    uint64 internal constant EVER = type(uint64).max;

    IValidators internal validators;
    /// Keys of its coordinators, in ascending order of their addresses.
    uint256[] internal keys;

    function newKey(uint256 number) internal pure returns (bytes32) {
        return keccak256(abi.encode("new key", number));
    }

    /// The latest deadline that is taken now.
    function soon() internal view returns (uint64) {
        return uint64(block.timestamp + 1 days);
    }

    /// The keys of the seats whose bit is set.
    function some(uint256 mask) internal view returns (uint256[] memory list) {
        uint256 count;
        for (uint256 i; i < keys.length; ++i) count += (mask >> i) & 1;
        list = new uint256[](count);
        count = 0;
        for (uint256 i; i < keys.length; ++i) if ((mask >> i) & 1 == 1) list[count++] = keys[i];
    }

    function replace(KeyReplacement memory request, uint256 mask) internal returns (bytes4) {
        KeyReplacement[] memory requests = new KeyReplacement[](1);
        requests[0] = request;
        vm.recordLogs();
        validators.replaceKeys(requests, one(signatures(some(mask), hashes.hash(request))));
        return outcome();
    }

    function begin(StakeChange memory request, uint256 mask) internal returns (bytes4) {
        StakeChange[] memory requests = new StakeChange[](1);
        requests[0] = request;
        vm.recordLogs();
        validators.changeStakes(requests, one(signatures(some(mask), hashes.hash(request))));
        return outcome();
    }

    function finish(StakeChange memory request) internal returns (bytes4) {
        StakeChange[] memory requests = new StakeChange[](1);
        requests[0] = request;
        vm.recordLogs();
        validators.finishStakeChanges(requests);
        return outcome();
    }

    /// The amount that the list has last for a key, as the engine follows it.
    function powerOf(bytes32 key) internal view returns (uint64) {
        for (uint256 i = validators.count(); i > 0; --i) {
            IValidators.Stake memory stake = validators.changeAt(i - 1);
            if (stake.key == key) return stake.amount;
        }
        return 0;
    }
}
