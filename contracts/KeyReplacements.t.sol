// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {KeyReplacement, StakeChange} from "./RequestTypes.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {Seat} from "./libraries/Offices.sol";
import {Staking} from "./test/Staking.t.sol";

/// Another key in the place of a validator's, without the delay: four organisations with a validator each, of which
/// three are a quorum and one may be faulty.
contract KeyReplacementsTest is Staking {
    bytes32[4] private names = [bytes32("hospital"), "laboratory", "insurer", "pharmacy"];

    IRegistry private four;
    bytes32[4] private keyOf;

    /// The model of a sequence: keys of each organisation, what is under way for each, and when keys were replaced.
    mapping(uint256 place => bytes32[]) private known;
    mapping(bytes32 key => StakeChange) private pending;
    mapping(bytes32 key => uint256) private readyAt;
    mapping(bytes32 key => bool) private isOut;
    mapping(uint256 place => bytes32) private lastGiven;
    uint256[] private replacedAt;

    function setUp() public override {
        super.setUp();
        keys = sorted(0xC000, 4);
        Seat[] memory list = new Seat[](4);
        IValidators.Stake[] memory founders = new IValidators.Stake[](4);
        for (uint256 i; i < 4; ++i) {
            keyOf[i] = keccak256(abi.encode("validator", i));
            list[i] = Seat(vm.addr(keys[i]), names[i]);
            founders[i] = IValidators.Stake(names[i], keyOf[i], 10);
        }
        four = deployRegistry(NETWORK, seats(authorityKeys), 2, list, 3, DELAY);
        validators = deployValidators(four, founders);
    }

    function replacement(uint256 place) private view returns (KeyReplacement memory) {
        return KeyReplacement(names[place], keyOf[place], newKey(place), LATER);
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
        taken(begin(StakeChange(names[0], keyOf[0], 0, 1, LATER), 7));
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
        request.deadline = soon();
        refused(replace(request, 15), IValidators.StakeInvalid.selector);
    }

    function test_a_deadline_more_than_a_day_ahead_replaces_nothing() public {
        KeyReplacement memory request = replacement(1);
        request.deadline = soon() + 1;
        refused(replace(request, 15), IValidators.DeadlineFar.selector);
        request.deadline = EVER;
        refused(replace(request, 15), IValidators.DeadlineFar.selector);
        request.deadline = soon();
        taken(replace(request, 15));
    }

    function test_a_replaced_key_never_has_stake_again() public {
        taken(replace(replacement(1), 15));
        vm.warp(NOW + DELAY);
        for (uint64 amount; amount < 20; amount += 10) {
            StakeChange memory again = StakeChange(names[1], keyOf[1], amount, 1, EVER);
            refused(begin(again, 15), IValidators.KeyWasReplaced.selector);
            refused(finish(again), IValidators.KeyWasReplaced.selector);
        }
        same(validators.changeOf(keyOf[1]), 0);
        KeyReplacement memory back = KeyReplacement(names[1], newKey(1), keyOf[1], soon());
        refused(replace(back, 15), IValidators.StakeInvalid.selector);
        same(validators.stakeOf(keyOf[1]).amount, 0);
    }

    // Replacements that were signed and kept back, beside ordinary changes

    function test_a_replacement_that_was_kept_back_does_not_void_a_change_that_was_begun() public {
        StakeChange memory removal = StakeChange(names[1], keyOf[1], 0, 1, LATER);
        taken(begin(removal, 7));
        refused(replace(replacement(1), 15), IValidators.ChangePending.selector);
        vm.warp(NOW + DELAY);
        KeyReplacement memory late = replacement(1);
        late.deadline = soon();
        refused(replace(late, 15), IValidators.ChangePending.selector);
        taken(finish(removal));
        refused(replace(late, 15), IValidators.StakeInvalid.selector);
        same(validators.stakeOf(keyOf[1]).amount, 0);
        same(validators.stakeOf(newKey(1)).amount, 0);
    }

    function test_a_replacement_that_was_kept_back_doubles_no_stake_within_a_change_of_the_key() public {
        taken(begin(StakeChange(names[1], keyOf[1], 0, 1, LATER), 7));
        StakeChange memory gives = StakeChange(names[1], newKey(5), 10, 1, LATER);
        taken(begin(gives, 7));
        refused(replace(replacement(1), 15), IValidators.ChangePending.selector);
        vm.warp(NOW + DELAY);
        taken(finish(gives));
        taken(finish(StakeChange(names[1], keyOf[1], 0, 1, LATER)));
        same(stakeOfOrganisation(1), 10);
    }

    function test_a_replacement_before_a_change_of_the_key_leaves_that_nothing() public {
        // The others signed {another key := 10, former key := 0}; the half that gives is sent alone.
        StakeChange memory gives = StakeChange(names[1], newKey(5), 10, 1, EVER);
        refused(begin(gives, 15), IValidators.StakeBeside.selector);
        taken(replace(replacement(1), 15));
        refused(begin(gives, 15), IValidators.StakeBeside.selector);
        StakeChange memory takes = StakeChange(names[1], keyOf[1], 0, 1, EVER);
        refused(begin(takes, 15), IValidators.KeyWasReplaced.selector);
        vm.warp(NOW + DELAY);
        refused(finish(gives), IValidators.ChangeUnknown.selector);
        same(stakeOfOrganisation(1), 10);
        // Proposed again with the present key, it works.
        taken(begin(StakeChange(names[1], newKey(1), 0, 1, EVER), 7));
        taken(begin(gives, 7));
        vm.warp(NOW + 2 * DELAY);
        taken(finish(gives));
        taken(finish(StakeChange(names[1], newKey(1), 0, 1, EVER)));
        same(stakeOfOrganisation(1), 10);
        same(validators.stakeOf(newKey(5)).amount, 10);
    }

    function test_a_key_beside_another_gets_no_stake_once_that_one_is_to_stay() public {
        StakeChange memory gives = StakeChange(names[1], newKey(5), 10, 1, EVER);
        taken(begin(StakeChange(names[1], keyOf[1], 0, 1, EVER), 7));
        taken(begin(gives, 7));
        taken(begin(StakeChange(names[1], keyOf[1], 20, 2, EVER), 7));
        vm.warp(NOW + DELAY);
        refused(finish(gives), IValidators.StakeBeside.selector);
        // Nor does the former key get another stake once the new one has its own.
        taken(begin(StakeChange(names[1], keyOf[1], 0, 3, EVER), 7));
        taken(finish(gives));
        StakeChange memory stays = StakeChange(names[1], keyOf[1], 20, 4, EVER);
        refused(begin(stays, 15), IValidators.StakeBeside.selector);
    }

    function test_an_organisation_with_two_keys_counts_once_among_those_that_may_be_faulty() public {
        // Six organisations, of which one may be faulty; one has two keys while it changes them.
        IValidators.Stake[] memory founders = new IValidators.Stake[](6);
        for (uint256 i; i < 6; ++i) {
            bytes32 name = i < 4 ? names[i] : keccak256(abi.encode("organisation", i));
            founders[i] = IValidators.Stake(name, keccak256(abi.encode("validator", i)), 10);
        }
        validators = deployValidators(four, founders);
        taken(begin(StakeChange(names[0], keyOf[0], 0, 1, EVER), 7));
        StakeChange memory gives = StakeChange(names[0], newKey(5), 10, 1, EVER);
        taken(begin(gives, 7));
        vm.warp(NOW + DELAY);
        taken(finish(gives));
        for (uint256 i = 1; i < 3; ++i) {
            KeyReplacement memory request = replacement(i);
            request.deadline = soon();
            bytes4 refusal = replace(request, 15);
            if (i == 1) taken(refusal);
            else refused(refusal, IValidators.ReplacementsSpent.selector);
        }
    }

    function test_a_key_that_left_for_another_does_not_come_back_while_it_has_stake() public {
        // Former, second and third key: each but the last is to leave.
        taken(begin(StakeChange(names[1], keyOf[1], 0, 1, EVER), 7));
        taken(begin(StakeChange(names[1], newKey(5), 10, 1, EVER), 7));
        vm.warp(NOW + DELAY);
        taken(finish(StakeChange(names[1], newKey(5), 10, 1, EVER)));
        taken(begin(StakeChange(names[1], newKey(5), 0, 2, EVER), 7));
        StakeChange memory third = StakeChange(names[1], newKey(6), 10, 1, EVER);
        taken(begin(third, 7));
        // The former one has its stake until somebody finishes the change that takes it.
        StakeChange memory back = StakeChange(names[1], keyOf[1], 10, 2, EVER);
        refused(begin(back, 15), IValidators.StakeBeside.selector);
        vm.warp(NOW + 2 * DELAY);
        taken(finish(third));
        taken(finish(StakeChange(names[1], newKey(5), 0, 2, EVER)));
        refused(begin(back, 15), IValidators.StakeBeside.selector);
        taken(finish(StakeChange(names[1], keyOf[1], 0, 1, EVER)));
        same(stakeOfOrganisation(1), 10);
    }

    /// The stake of all keys of an organisation that these tests use.
    function stakeOfOrganisation(uint256 place) private view returns (uint256 total) {
        total = validators.stakeOf(keyOf[place]).amount;
        for (uint256 i; i < 10; ++i) {
            IValidators.Stake memory held = validators.stakeOf(newKey(i));
            if (held.organisation == names[place]) total += held.amount;
        }
    }

    function test_one_of_four_is_replaced_within_the_delay() public {
        taken(replace(replacement(1), 15));
        KeyReplacement memory next = replacement(2);
        refused(replace(next, 15), IValidators.ReplacementsSpent.selector);
        // Nor the same organisation's once more: nothing says that its new key ever signed.
        KeyReplacement memory again = KeyReplacement(names[1], newKey(1), newKey(9), LATER);
        refused(replace(again, 15), IValidators.ReplacementsSpent.selector);
        vm.warp(NOW + DELAY - 1);
        next.deadline = soon();
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

    /// Changes of stakes are begun and finished, and keys replaced, in any order. A replacement is taken exactly if its own
    /// organisation, three others, the delay and the changes under way allow it, and moves no stake to an organisation; what
    /// the engine follows is the contract's; a key that was replaced has nothing, ever; and of each organisation at most
    /// one key has stake that no change under way is to take.
    function test_sequences_of_changes_keep_the_bounds(bytes32[24] memory moves) public {
        for (uint256 i; i < 4; ++i) {
            known[i].push(keyOf[i]);
            lastGiven[i] = keyOf[i];
        }
        uint256 moment = NOW;
        for (uint256 i; i < moves.length; ++i) {
            uint256 move = uint256(moves[i]);
            uint256 place = (move >> 8) % 4;
            uint256 mask = (move >> 16) % 4 == 0 ? (move >> 24) % 16 : 15;
            moment += (move >> 32) % 3 == 0 ? DELAY / 2 : 1;
            vm.warp(moment);
            bytes32 key = known[place][(move >> 48) % known[place].length];
            if (move % 8 == 0) _beginChange(place, key, uint64((move >> 40) % 20), mask);
            else if (move % 8 == 1) _beginChange(place, key, 0, mask);
            else if (move % 8 == 2)
                _beginChange(place, newKey(100 + i), uint64(1 + ((move >> 40) % 20)), mask);
            else if (move % 8 < 6) _finishChange(place, key);
            else _replaceKey(place, key, mask, i);
            _holdsTheBounds();
        }
    }

    function _beginChange(uint256 place, bytes32 key, uint64 amount, uint256 mask) private {
        StakeChange memory request = StakeChange(
            names[place],
            key,
            amount,
            validators.changeOf(key) + 1,
            EVER
        );
        bytes4 refusal = begin(request, mask);
        bool may = some(mask).length >= 3 && !isOut[key] && (amount == 0 || _mayStay(place, key));
        so((refusal == 0) == may, "begun by a quorum, for a present key that is the only one to stay");
        if (refusal != 0) return;
        if (validators.stakeOf(key).key == 0 && readyAt[key] == 0) known[place].push(key);
        pending[key] = request;
        readyAt[key] = block.timestamp + DELAY;
    }

    function _finishChange(uint256 place, bytes32 key) private {
        StakeChange memory request = pending[key];
        if (request.key == 0) return;
        uint64 before = validators.stakeOf(key).amount;
        bool may = readyAt[key] != 0 && block.timestamp >= readyAt[key];
        if (request.amount != 0) may = may && _mayStay(place, key);
        else if (before != 0 && _total() == before) may = false;
        bytes4 refusal = finish(request);
        so((refusal == 0) == may, "finished after the delay, unless another key stays");
        if (refusal != 0) return;
        readyAt[key] = 0;
        if (request.amount != 0) lastGiven[place] = key;
        same(validators.stakeOf(key).amount, request.amount);
    }

    function _replaceKey(uint256 place, bytes32 key, uint256 mask, uint256 number) private {
        KeyReplacement memory request = KeyReplacement(names[place], key, newKey(100 + number), soon());
        uint256 recent;
        for (uint256 i; i < replacedAt.length; ++i) {
            if (replacedAt[i] + DELAY > block.timestamp) ++recent;
        }
        uint64 amount = validators.stakeOf(key).amount;
        bool may = mask == 15 && amount != 0 && readyAt[key] == 0 && recent < (_holders() - 1) / 3;
        uint256 total = _total();
        bytes4 refusal = replace(request, mask);
        so((refusal == 0) == may, "taken exactly if all allow it");
        known[place].push(request.key);
        same(_total(), total);
        if (refusal != 0) {
            known[place].pop();
            return;
        }
        isOut[key] = true;
        lastGiven[place] = request.key;
        replacedAt.push(block.timestamp);
        same(validators.stakeOf(request.key).amount, amount);
    }

    /// Tells whether a key would be the only one to stay, and does not leave for another one that has stake already.
    function _mayStay(uint256 place, bytes32 key) private view returns (bool) {
        bool leaves = validators.stakeOf(key).amount != 0 && lastGiven[place] != key;
        return !leaves && !_staysBeside(place, key);
    }

    /// Tells whether another key of an organisation has stake that no change under way is to take.
    function _staysBeside(uint256 place, bytes32 key) private view returns (bool) {
        for (uint256 i; i < known[place].length; ++i) {
            bytes32 other = known[place][i];
            if (other != key && _stays(other)) return true;
        }
        return false;
    }

    function _stays(bytes32 key) private view returns (bool) {
        bool isTaken = readyAt[key] != 0 && pending[key].amount == 0;
        return validators.stakeOf(key).amount != 0 && !isTaken;
    }

    function _total() private view returns (uint256 total) {
        for (uint256 place; place < 4; ++place) total += _totalOf(place);
    }

    function _totalOf(uint256 place) private view returns (uint256 total) {
        for (uint256 i; i < known[place].length; ++i) total += validators.stakeOf(known[place][i]).amount;
    }

    function _holders() private view returns (uint256 count) {
        for (uint256 place; place < 4; ++place) if (_totalOf(place) != 0) ++count;
    }

    function _holdsTheBounds() private view {
        for (uint256 place; place < 4; ++place) {
            uint256 stay;
            for (uint256 i; i < known[place].length; ++i) {
                bytes32 key = known[place][i];
                if (_stays(key)) ++stay;
                if (isOut[key]) same(validators.stakeOf(key).amount, 0);
                if (isOut[key]) same(readyAt[key], 0);
                same(powerOf(key), validators.stakeOf(key).amount);
            }
            so(stay <= 1, "one key of an organisation stays");
        }
    }
}
