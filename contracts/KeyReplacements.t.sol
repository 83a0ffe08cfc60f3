// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {KeyReplacement, StakeChange} from "./RequestTypes.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {Seat} from "./libraries/Offices.sol";
import {World} from "./test/World.t.sol";

/// Another key in the place of a validator's, without the delay: four organisations with a validator each, of which
/// three are a quorum and one may be faulty.
contract KeyReplacementsTest is World {
    uint64 private constant EVER = type(uint64).max;
    bytes32[4] private names = [bytes32("hospital"), "laboratory", "insurer", "pharmacy"];

    IRegistry private four;
    IValidators private validators;
    uint256[] private keys;
    /// The model of a sequence: each organisation's key and stake, and when keys were replaced.
    bytes32[4] private keyOf;
    uint64[4] private stakeOf;
    uint256[] private replacedAt;
    bytes32[] private former;

    function setUp() public override {
        super.setUp();
        keys = sorted(0xC000, 4);
        Seat[] memory list = new Seat[](4);
        IValidators.Stake[] memory founders = new IValidators.Stake[](4);
        for (uint256 i; i < 4; ++i) {
            keyOf[i] = keccak256(abi.encode("validator", i));
            stakeOf[i] = 10;
            list[i] = Seat(vm.addr(keys[i]), names[i]);
            founders[i] = IValidators.Stake(names[i], keyOf[i], 10);
        }
        four = deployRegistry(NETWORK, seats(authorityKeys), 2, list, 3, DELAY);
        validators = deployValidators(four, founders);
    }

    function newKey(uint256 number) private pure returns (bytes32) {
        return keccak256(abi.encode("new key", number));
    }

    function replacement(uint256 place) private view returns (KeyReplacement memory) {
        return KeyReplacement(names[place], keyOf[place], newKey(place), LATER);
    }

    /// The keys of the seats whose bit is set.
    function some(uint256 mask) private view returns (uint256[] memory list) {
        uint256 count;
        for (uint256 i; i < 4; ++i) count += (mask >> i) & 1;
        list = new uint256[](count);
        count = 0;
        for (uint256 i; i < 4; ++i) {
            if ((mask >> i) & 1 == 1) list[count++] = keys[i];
        }
    }

    function replace(KeyReplacement memory request, uint256 mask) private returns (bytes4) {
        KeyReplacement[] memory requests = new KeyReplacement[](1);
        requests[0] = request;
        vm.recordLogs();
        validators.replaceKeys(requests, one(signatures(some(mask), hashes.hash(request))));
        return outcome();
    }

    function begin(StakeChange memory request, uint256 mask) private returns (bytes4) {
        StakeChange[] memory requests = new StakeChange[](1);
        requests[0] = request;
        vm.recordLogs();
        validators.changeStakes(requests, one(signatures(some(mask), hashes.hash(request))));
        return outcome();
    }

    function finish(StakeChange memory request) private returns (bytes4) {
        StakeChange[] memory requests = new StakeChange[](1);
        requests[0] = request;
        vm.recordLogs();
        validators.finishStakeChanges(requests);
        return outcome();
    }

    function test_a_new_key_gets_the_stake_of_the_former_one_at_once() public {
        taken(replace(replacement(1), 15));
        same(validators.count(), 6);
        // Stake is given before it is taken, and both are one block's.
        same(validators.changeAt(4).key, newKey(1));
        same(validators.changeAt(4).organisation, names[1]);
        same(validators.changeAt(4).amount, 10);
        same(validators.changeAt(5).key, keyOf[1]);
        same(validators.changeAt(5).amount, 0);
        same(validators.replacedBy(keyOf[1]), newKey(1));
        same(validators.stakeOf(newKey(1)).amount, 10);
    }

    // Signatures

    function test_nothing_is_replaced_without_its_own_organisation() public {
        // Three others are the quorum, and yet cannot take its place.
        refused(replace(replacement(1), 13), IValidators.OwnerMissing.selector);
    }

    function test_nothing_is_replaced_with_fewer_others_than_the_quorum() public {
        // With its own signature they are the quorum.
        refused(replace(replacement(1), 7), IRefusals.QuorumMissing.selector);
        refused(replace(replacement(1), 14), IRefusals.QuorumMissing.selector);
        refused(replace(replacement(1), 2), IRefusals.QuorumMissing.selector);
        refused(replace(replacement(1), 0), IRefusals.QuorumMissing.selector);
    }

    function test_a_second_key_of_an_organisation_is_no_other_organisation() public {
        // Five seats of four organisations: two of them are the hospital's.
        uint256[] memory holders = sorted(0xC000, 5);
        Seat[] memory list = new Seat[](5);
        for (uint256 i; i < 5; ++i) list[i] = Seat(vm.addr(holders[i]), names[i % 4]);
        IValidators.Stake[] memory founders = new IValidators.Stake[](4);
        for (uint256 i; i < 4; ++i) founders[i] = IValidators.Stake(names[i], keyOf[i], 10);
        validators = deployValidators(
            deployRegistry(NETWORK, seats(authorityKeys), 2, list, 3, DELAY),
            founders
        );
        KeyReplacement[] memory requests = new KeyReplacement[](1);
        requests[0] = replacement(1);
        // The laboratory, the insurer, and both of the hospital's.
        uint256[] memory signers = new uint256[](4);
        (signers[0], signers[1], signers[2], signers[3]) = (holders[0], holders[1], holders[2], holders[4]);
        vm.recordLogs();
        validators.replaceKeys(requests, one(signatures(signers, hashes.hash(requests[0]))));
        refused(outcome(), IRefusals.QuorumMissing.selector);
    }

    function test_the_authority_replaces_nothing() public {
        KeyReplacement[] memory requests = new KeyReplacement[](1);
        requests[0] = replacement(1);
        vm.recordLogs();
        validators.replaceKeys(requests, one(signatures(authorityKeys, hashes.hash(requests[0]))));
        refused(outcome(), IRefusals.SeatMissing.selector);
    }

    function test_signatures_of_another_replacement_count_for_nothing(bytes32 other) public {
        KeyReplacement[] memory requests = new KeyReplacement[](1);
        requests[0] = replacement(1);
        bytes32 signed = hashes.hash(requests[0]);
        if (other == requests[0].key || other == 0) return;
        requests[0].key = other;
        vm.recordLogs();
        validators.replaceKeys(requests, one(signatures(some(15), signed)));
        so(outcome() != 0, "another key than was signed");
        same(validators.count(), 4);
    }

    // Bounds

    function test_no_other_organisation_gets_the_place() public {
        KeyReplacement memory request = replacement(1);
        request.organisation = names[0];
        refused(replace(request, 15), IValidators.StakeInvalid.selector);
    }

    function test_no_key_that_ever_had_stake_gets_the_place() public {
        KeyReplacement memory request = replacement(1);
        for (uint256 i; i < 4; ++i) {
            request.key = keyOf[i];
            refused(replace(request, 15), IValidators.StakeInvalid.selector);
        }
        request.key = 0;
        refused(replace(request, 15), IValidators.StakeInvalid.selector);
    }

    function test_no_key_that_is_to_get_stake_gets_the_place() public {
        StakeChange memory coming = StakeChange(names[0], newKey(1), 10, 1, LATER);
        taken(begin(coming, 7));
        refused(replace(replacement(1), 15), IValidators.StakeInvalid.selector);
    }

    function test_a_key_without_stake_has_no_place() public {
        KeyReplacement memory request = replacement(1);
        request.former = newKey(7);
        refused(replace(request, 15), IValidators.StakeInvalid.selector);
    }

    function test_a_deadline_that_passed_replaces_nothing() public {
        vm.warp(LATER + 1);
        refused(replace(replacement(1), 15), IRefusals.DeadlinePassed.selector);
    }

    function test_a_replacement_works_once() public {
        taken(replace(replacement(1), 15));
        refused(replace(replacement(1), 15), IValidators.StakeInvalid.selector);
        vm.warp(NOW + DELAY);
        KeyReplacement memory request = replacement(1);
        request.deadline = EVER;
        refused(replace(request, 15), IValidators.StakeInvalid.selector);
    }

    function test_a_replaced_key_never_has_stake_again() public {
        StakeChange memory coming = StakeChange(names[1], keyOf[1], 30, 1, LATER);
        taken(begin(coming, 7));
        taken(replace(replacement(1), 15));
        vm.warp(NOW + DELAY);
        refused(finish(coming), IValidators.ChangeUnknown.selector);
        StakeChange memory again = StakeChange(names[1], keyOf[1], 10, 2, EVER);
        refused(begin(again, 15), IValidators.StakeInvalid.selector);
        KeyReplacement memory back = KeyReplacement(names[1], newKey(1), keyOf[1], EVER);
        refused(replace(back, 15), IValidators.StakeInvalid.selector);
        same(validators.stakeOf(keyOf[1]).amount, 0);
    }

    function test_one_of_four_is_replaced_within_the_delay() public {
        taken(replace(replacement(1), 15));
        KeyReplacement memory next = replacement(2);
        next.deadline = EVER;
        refused(replace(next, 15), IValidators.ReplacementsSpent.selector);
        // Nor the same organisation's once more: nothing says that its new key ever signed.
        KeyReplacement memory again = KeyReplacement(names[1], newKey(1), newKey(9), EVER);
        refused(replace(again, 15), IValidators.ReplacementsSpent.selector);
        vm.warp(NOW + DELAY - 1);
        refused(replace(next, 15), IValidators.ReplacementsSpent.selector);
        vm.warp(NOW + DELAY);
        taken(replace(next, 15));
    }

    function test_two_in_one_transaction_are_one_too_many() public {
        KeyReplacement[] memory requests = new KeyReplacement[](2);
        bytes[][] memory signed = new bytes[][](2);
        for (uint256 i; i < 2; ++i) {
            requests[i] = replacement(i);
            signed[i] = signatures(some(15), hashes.hash(requests[i]));
        }
        vm.recordLogs();
        validators.replaceKeys(requests, signed);
        bytes4[] memory reasons = outcomes(2);
        taken(reasons[0]);
        refused(reasons[1], IValidators.ReplacementsSpent.selector);
    }

    function test_of_three_validators_none_is_replaced_at_once() public {
        IValidators.Stake[] memory founders = new IValidators.Stake[](3);
        for (uint256 i; i < 3; ++i) founders[i] = IValidators.Stake(names[i], keyOf[i], 10);
        validators = deployValidators(four, founders);
        refused(replace(replacement(1), 15), IValidators.ReplacementsSpent.selector);
    }

    function test_a_list_without_a_signature_for_each_reverts() public {
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        validators.replaceKeys(new KeyReplacement[](1), new bytes[][](0));
    }

    // Sequences

    /// Whatever is asked for in which order: a replacement is taken exactly if its own organisation, three others and
    /// the delay allow it; what the engine follows is the model's; no organisation gets stake by a replacement; and of
    /// the keys that ordinary changes left alone, at most one in four is out within the delay.
    function test_sequences_of_changes_keep_the_bounds(bytes32[8] memory moves) public {
        uint256 moment = NOW;
        for (uint256 i; i < moves.length; ++i) {
            uint256 move = uint256(moves[i]);
            uint256 place = (move >> 8) % 4;
            uint256 mask = (move >> 16) % 3 == 0 ? (move >> 24) % 16 : 15;
            moment += (move >> 32) % 3 == 0 ? DELAY / 2 : 1;
            vm.warp(moment);
            if (move % 3 == 0) _changeStake(place, uint64(1 + ((move >> 40) % 20)), mask);
            else _replaceKey(place, mask, i);
            moment = block.timestamp;
            _isTheModels();
        }
    }

    function _replaceKey(uint256 place, uint256 mask, uint256 number) private {
        KeyReplacement memory request = KeyReplacement(
            names[place],
            keyOf[place],
            newKey(100 + number),
            EVER
        );
        uint256 recent;
        for (uint256 i; i < replacedAt.length; ++i) {
            if (replacedAt[i] + DELAY > block.timestamp) ++recent;
        }
        so(recent <= 1, "more than one within the delay");
        bytes4 refusal = replace(request, mask);
        so((refusal == 0) == (mask == 15 && recent == 0), "taken exactly if all allow it");
        if (refusal != 0) return;
        former.push(keyOf[place]);
        keyOf[place] = request.key;
        replacedAt.push(block.timestamp);
    }

    function _changeStake(uint256 place, uint64 amount, uint256 mask) private {
        uint64 number = validators.changeOf(keyOf[place]) + 1;
        StakeChange memory request = StakeChange(names[place], keyOf[place], amount, number, EVER);
        uint256 count = some(mask).length;
        bytes4 refusal = begin(request, mask);
        so((refusal == 0) == (count >= 3), "begun by a quorum alone");
        if (refusal != 0) return;
        vm.warp(block.timestamp + DELAY);
        taken(finish(request));
        stakeOf[place] = amount;
    }

    /// Replays the list, as the engine does.
    function _isTheModels() private view {
        uint256 count = validators.count();
        for (uint256 place; place < 4; ++place) {
            uint64 power;
            uint64 total;
            for (uint256 i; i < count; ++i) {
                IValidators.Stake memory stake = validators.changeAt(i);
                if (stake.key == keyOf[place]) power = stake.amount;
                if (stake.organisation != names[place]) continue;
                total = 0;
                for (uint256 j; j <= i; ++j) {
                    IValidators.Stake memory earlier = validators.changeAt(j);
                    if (earlier.organisation != names[place] || !_isLast(j, i)) continue;
                    total += earlier.amount;
                }
            }
            same(power, stakeOf[place]);
            same(total, stakeOf[place]);
        }
        for (uint256 i; i < former.length; ++i) same(validators.stakeOf(former[i]).amount, 0);
    }

    /// Tells whether an entry is its key's last one among those up to another.
    function _isLast(uint256 place, uint256 until) private view returns (bool) {
        bytes32 key = validators.changeAt(place).key;
        for (uint256 i = place + 1; i <= until; ++i) {
            if (validators.changeAt(i).key == key) return false;
        }
        return true;
    }
}
