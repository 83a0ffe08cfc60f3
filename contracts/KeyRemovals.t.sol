// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Enrolment, KeyRemoval, KeyReplacement, StakeChange} from "./RequestTypes.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {Seat} from "./libraries/Offices.sol";
import {Staking} from "./test/Staking.t.sol";

/// Power taken from a validator's key without the delay, by all other organisations, until it lapses.
contract KeyRemovalsTest is Staking {
    uint8 private constant ADMINISTRATOR = 11;
    address private constant SENDER = address(0x5E4D);

    uint256 private size;
    bytes32[] private names;
    IRegistry private office;

    /// The model of a sequence: keys of each organisation, the stake and power of each, what is under way, and urgent acts.
    mapping(uint256 place => bytes32[]) private known;
    mapping(bytes32 key => uint64) private stakes;
    mapping(bytes32 key => StakeChange) private pending;
    mapping(bytes32 key => uint256) private readyAt;
    mapping(bytes32 key => uint256) private outAt;
    mapping(bytes32 key => bool) private isReplaced;
    uint256[] private urgentAt;

    function setUp() public override {
        super.setUp();
        found(4);
    }

    /// Founds a network of so many organisations, with a validator and a seat each; two thirds of them are a quorum.
    function found(uint256 count) private {
        size = count;
        delete names;
        keys = sorted(0xC000, count);
        Seat[] memory list = new Seat[](count);
        IValidators.Stake[] memory founders = new IValidators.Stake[](count);
        for (uint256 i; i < count; ++i) {
            names.push(i == 0 ? organisations[0] : keccak256(abi.encode("organisation", i)));
            list[i] = Seat(vm.addr(keys[i]), names[i]);
            founders[i] = IValidators.Stake(names[i], keyOf(i), 10);
        }
        uint8 quorumOf = uint8(count - faulty(count));
        office = deployRegistry(NETWORK, seats(authorityKeys), 2, list, quorumOf, DELAY);
        validators = deployValidators(office, founders);
    }

    function faulty(uint256 count) private pure returns (uint256) {
        return count == 0 ? 0 : (count - 1) / 3;
    }

    function keyOf(uint256 place) private pure returns (bytes32) {
        return keccak256(abi.encode("validator", place));
    }

    function all() private view returns (uint256) {
        return (1 << size) - 1;
    }

    function but(uint256 place) private view returns (uint256) {
        return all() & ~(1 << place);
    }

    function removal(uint256 place, uint64 number) private view returns (KeyRemoval memory) {
        return KeyRemoval(names[place], keyOf(place), number, soon());
    }

    function remove(KeyRemoval memory request, uint256 mask) private returns (bytes4) {
        KeyRemoval[] memory requests = new KeyRemoval[](1);
        requests[0] = request;
        vm.recordLogs();
        validators.removeKeys(requests, one(signatures(some(mask), hashes.hash(request))));
        return outcome();
    }

    function giveBack(bytes32 key) private returns (bytes4) {
        bytes32[] memory list = new bytes32[](1);
        list[0] = key;
        vm.recordLogs();
        validators.returnKeys(list);
        return outcome();
    }

    function replace(uint256 place, bytes32 former, bytes32 key, uint256 mask) private returns (bytes4) {
        return replace(KeyReplacement(names[place], former, key, soon()), mask);
    }

    function change(uint256 place, bytes32 key, uint64 amount) private view returns (StakeChange memory) {
        return StakeChange(names[place], key, amount, validators.changeOf(key) + 1, EVER);
    }

    function later(uint256 time) private {
        vm.warp(block.timestamp + time);
    }

    function isOutAt(bytes32 key) private view returns (bool) {
        (, uint40 until, ) = validators.removalOf(key);
        return until != 0;
    }

    function test_all_others_take_power_at_once_and_stake_stays() public {
        taken(remove(removal(1, 1), but(1)));
        same(validators.count(), 5);
        same(validators.changeAt(4).organisation, names[1]);
        same(powerOf(keyOf(1)), 0);
        same(validators.stakeOf(keyOf(1)).amount, 10);
        (uint64 number, uint40 until, bool isConfirmed) = validators.removalOf(keyOf(1));
        same(number, 1);
        same(until, NOW + DELAY);
        same(isConfirmed, false);
    }

    // Signatures

    function test_two_of_four_alone_never_take_power_from_a_third() public {
        for (uint256 mask; mask < 16; ++mask) {
            if (mask & but(1) == but(1)) continue;
            refused(remove(removal(1, 1), mask), IRefusals.QuorumMissing.selector);
        }
        taken(remove(removal(1, 1), all()));
    }

    function test_an_organisation_whose_key_is_out_has_to_sign_the_next_removal() public {
        found(7);
        taken(remove(removal(1, 1), but(1)));
        refused(remove(removal(2, 1), but(2) & but(1)), IRefusals.QuorumMissing.selector);
        taken(remove(removal(2, 1), but(2)));
    }

    function test_an_office_of_few_organisations_removes_nothing() public {
        uint256[] memory holders = sorted(0xC000, 2);
        Seat[] memory list = new Seat[](2);
        for (uint256 i; i < 2; ++i) list[i] = Seat(vm.addr(holders[i]), names[i]);
        IValidators.Stake[] memory founders = new IValidators.Stake[](4);
        for (uint256 i; i < 4; ++i) founders[i] = IValidators.Stake(names[i], keyOf(i), 10);
        office = deployRegistry(NETWORK, seats(authorityKeys), 2, list, 2, DELAY);
        validators = deployValidators(office, founders);
        keys = holders;
        size = 2;
        for (uint256 i; i < 4; ++i) refused(remove(removal(i, 1), 3), IRefusals.QuorumMissing.selector);
    }

    function test_no_signature_counts_but_that_of_a_coordinator_for_this_removal() public {
        KeyRemoval[] memory requests = new KeyRemoval[](1);
        requests[0] = removal(1, 1);
        vm.recordLogs();
        validators.removeKeys(requests, one(signatures(authorityKeys, hashes.hash(requests[0]))));
        refused(outcome(), IRefusals.SeatMissing.selector);
        vm.recordLogs();
        validators.removeKeys(requests, one(signatures(some(but(1)), hashes.hash(removal(2, 1)))));
        refused(outcome(), IRefusals.SeatMissing.selector);
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        validators.removeKeys(requests, new bytes[][](0));
    }

    function test_a_removal_that_was_signed_for_another_network_is_refused() public {
        (Seat[] memory list, uint8 threshold) = office.coordinators();
        IRegistry elsewhere = deployRegistry(
            keccak256("another network"),
            seats(authorityKeys),
            2,
            list,
            threshold,
            DELAY
        );
        IValidators.Stake[] memory founders = new IValidators.Stake[](4);
        for (uint256 i; i < 4; ++i) founders[i] = IValidators.Stake(names[i], keyOf(i), 10);
        IValidators here = validators;
        validators = deployValidators(elsewhere, founders);
        refused(remove(removal(1, 1), but(1)), IRefusals.SeatMissing.selector);
        validators = here;
        taken(remove(removal(1, 1), but(1)));
    }

    // Bounds

    function test_a_removal_is_of_a_key_with_stake_and_of_its_organisation() public {
        KeyRemoval memory request = removal(1, 1);
        request.organisation = names[2];
        refused(remove(request, all()), IValidators.StakeInvalid.selector);
        request = removal(1, 1);
        request.key = newKey(1);
        refused(remove(request, all()), IValidators.StakeInvalid.selector);
    }

    function test_a_removal_has_a_deadline_within_a_day_and_the_next_number() public {
        KeyRemoval memory request = removal(1, 1);
        request.deadline = soon() + 1;
        refused(remove(request, all()), IValidators.DeadlineFar.selector);
        request.deadline = uint64(block.timestamp) - 1;
        refused(remove(request, all()), IRefusals.DeadlinePassed.selector);
        refused(remove(removal(1, 0), all()), IValidators.ChangeUnexpected.selector);
        refused(remove(removal(1, 2), all()), IValidators.ChangeUnexpected.selector);
    }

    function test_a_removal_works_once() public {
        KeyRemoval memory request = removal(1, 1);
        request.deadline = soon();
        taken(remove(request, but(1)));
        refused(remove(request, but(1)), IValidators.KeyIsOut.selector);
        later(DELAY);
        taken(giveBack(keyOf(1)));
        request.deadline = soon();
        refused(remove(request, but(1)), IValidators.ChangeUnexpected.selector);
        taken(remove(removal(1, 2), but(1)));
    }

    function test_one_of_four_is_out_at_most_and_replacements_count_with_it() public {
        taken(remove(removal(1, 1), but(1)));
        refused(remove(removal(2, 1), but(2)), IValidators.ReplacementsSpent.selector);
        refused(replace(2, keyOf(2), newKey(2), all()), IValidators.ReplacementsSpent.selector);
        // It still is out after the delay, until somebody has it returned.
        later(DELAY);
        refused(remove(removal(2, 1), but(2)), IValidators.ReplacementsSpent.selector);
        taken(giveBack(keyOf(1)));
        taken(remove(removal(2, 1), but(2)));
    }

    function test_of_three_validators_none_is_removed() public {
        found(3);
        refused(remove(removal(1, 1), all()), IValidators.ReplacementsSpent.selector);
    }

    // The end of a removal

    function test_power_comes_back_when_it_lapses_and_not_before() public {
        refused(giveBack(keyOf(1)), IValidators.KeyNotOut.selector);
        taken(remove(removal(1, 1), but(1)));
        later(DELAY - 1);
        refused(giveBack(keyOf(1)), IValidators.ChangeEarly.selector);
        later(1);
        taken(giveBack(keyOf(1)));
        same(powerOf(keyOf(1)), 10);
        refused(giveBack(keyOf(1)), IValidators.KeyNotOut.selector);
    }

    function test_a_change_that_takes_the_stake_confirms_it() public {
        taken(remove(removal(1, 1), but(1)));
        StakeChange memory takes = change(1, keyOf(1), 0);
        taken(begin(takes, but(1)));
        (, , bool isConfirmed) = validators.removalOf(keyOf(1));
        same(isConfirmed, true);
        later(DELAY);
        refused(giveBack(keyOf(1)), IValidators.ChangePending.selector);
        taken(finish(takes));
        refused(giveBack(keyOf(1)), IValidators.KeyNotOut.selector);
        same(powerOf(keyOf(1)), 0);
        same(validators.stakeOf(keyOf(1)).amount, 0);
    }

    function test_a_change_that_leaves_stake_does_not_hold_up_the_lapse() public {
        taken(remove(removal(1, 1), but(1)));
        taken(begin(change(1, keyOf(1), 0), but(1)));
        StakeChange memory stays = change(1, keyOf(1), 20);
        taken(begin(stays, but(1)));
        later(DELAY);
        taken(giveBack(keyOf(1)));
        taken(finish(stays));
        same(powerOf(keyOf(1)), 20);
    }

    function test_no_change_gives_stake_to_a_key_that_is_out() public {
        StakeChange memory gives = change(1, keyOf(1), 20);
        taken(begin(gives, but(1)));
        later(DELAY);
        taken(remove(removal(1, 1), but(1)));
        refused(finish(gives), IValidators.KeyIsOut.selector);
        // Nor does another key of the organisation get any beside it.
        refused(begin(change(1, newKey(1), 10), all()), IValidators.StakeBeside.selector);
    }

    function test_its_own_account_does_not_bring_it_back() public {
        Enrolment memory request = Enrolment(
            SENDER,
            ADMINISTRATOR,
            names[0],
            keccak256("recipient"),
            0,
            LATER
        );
        Enrolment[] memory requests = new Enrolment[](1);
        requests[0] = request;
        office.enrol(requests, one(signatures(quorum(authorityKeys), hashes.hash(request))));
        taken(remove(removal(0, 1), but(0)));
        bytes32[] memory list = new bytes32[](1);
        list[0] = keyOf(0);
        vm.recordLogs();
        vm.prank(SENDER);
        validators.returnToWork(list);
        refused(outcome(), IValidators.KeyIsOut.selector);
        same(powerOf(keyOf(0)), 0);
    }

    function test_a_new_key_takes_the_place_of_one_that_is_out() public {
        taken(remove(removal(1, 1), but(1)));
        refused(replace(1, keyOf(1), newKey(1), but(1)), IValidators.OwnerMissing.selector);
        taken(replace(1, keyOf(1), newKey(1), all()));
        same(powerOf(newKey(1)), 10);
        same(powerOf(keyOf(1)), 0);
        later(DELAY);
        refused(giveBack(keyOf(1)), IValidators.KeyNotOut.selector);
    }

    function test_the_last_key_with_power_never_leaves_and_nobody_leaves_while_too_many_would_be_out()
        public
    {
        StakeChange[4] memory leaves;
        for (uint256 i; i < 4; ++i) {
            leaves[i] = change(i, keyOf(i), 0);
            if (i != 1) taken(begin(leaves[i], all()));
        }
        later(DELAY);
        taken(remove(removal(1, 1), but(1)));
        refused(finish(leaves[0]), IValidators.TooManyOut.selector);
        later(DELAY);
        taken(giveBack(keyOf(1)));
        taken(finish(leaves[0]));
        taken(finish(leaves[2]));
        taken(finish(leaves[3]));
        taken(begin(leaves[1], all()));
        later(DELAY);
        refused(finish(leaves[1]), IValidators.ValidatorLast.selector);
    }

    // Sequences

    /// Of 4 or 7 organisations, in any order: ordinary changes, removals, lapses and replacements. Each is taken exactly if the model
    /// allows it. Never are more than f keys out; a removal moves no stake and no seat; power is the stake of each key that is
    /// not out; and somebody has power.
    function test_sequences_keep_the_bounds(bytes32[24] memory moves) public {
        found(uint256(moves[0]) % 2 == 0 ? 4 : 7);
        for (uint256 i; i < size; ++i) {
            known[i].push(keyOf(i));
            stakes[keyOf(i)] = 10;
        }
        for (uint256 i; i < moves.length; ++i) {
            uint256 move = uint256(moves[i]);
            uint256 place = (move >> 8) % size;
            uint256 mask = (move >> 16) % 4 == 0 ? (move >> 24) & all() : all();
            later((move >> 64) % 3 == 0 ? DELAY / 2 : 1);
            bytes32 key = known[place][(move >> 80) % known[place].length];
            uint256 kind = (move >> 96) % 10;
            if (kind == 0) _begins(place, key, uint64((move >> 112) % 20), mask);
            else if (kind == 1) _begins(place, key, 0, mask);
            else if (kind == 2) _begins(place, newKey(i), uint64(1 + ((move >> 112) % 20)), mask);
            else if (kind < 5) _finishes(place, key);
            else if (kind < 7) _removes(place, key, mask);
            else if (kind < 9) _returns(key);
            else _replaces(place, key, newKey(100 + i), mask);
            _holdsTheBounds();
        }
    }

    function _begins(uint256 place, bytes32 key, uint64 amount, uint256 mask) private {
        StakeChange memory request = change(place, key, amount);
        bytes4 refusal = begin(request, mask);
        if (some(mask).length < size - faulty(size)) so(refusal != 0, "begun without a quorum");
        if (isReplaced[key]) so(refusal != 0, "begun for a key that was replaced");
        if (refusal != 0) return;
        if (validators.stakeOf(key).key == 0 && readyAt[key] == 0) known[place].push(key);
        pending[key] = request;
        readyAt[key] = block.timestamp + DELAY;
    }

    function _finishes(uint256 place, bytes32 key) private {
        StakeChange memory request = pending[key];
        if (request.key == 0) return;
        bytes4 refusal = finish(request);
        bool leaves = request.amount == 0 && stakes[key] != 0 && stakeOfOrganisation(place) == stakes[key];
        if (readyAt[key] == 0 || block.timestamp < readyAt[key])
            so(refusal != 0, "finished before the delay");
        if (outAt[key] != 0 && request.amount != 0) so(refusal != 0, "stake for a key that is out");
        if (outAt[key] == 0 && leaves && outs() > faulty(holders() - 1)) so(refusal != 0, "too many out");
        if (outAt[key] != 0 && request.amount == 0 && readyAt[key] != 0 && block.timestamp >= readyAt[key])
            taken(refusal);
        if (refusal != 0) return;
        readyAt[key] = 0;
        stakes[key] = request.amount;
        outAt[key] = 0;
    }

    function _removes(uint256 place, bytes32 key, uint256 mask) private {
        (uint64 number, , ) = validators.removalOf(key);
        bool may = mask & but(place) == but(place) && stakes[key] != 0 && outAt[key] == 0 && used() < most();
        bytes4 refusal = remove(KeyRemoval(names[place], key, number + 1, soon()), mask);
        so((refusal == 0) == may, "removed by all others, within the bound");
        if (refusal != 0) return;
        outAt[key] = block.timestamp;
        urgentAt.push(block.timestamp);
    }

    function _returns(bytes32 key) private {
        bool isTaken = readyAt[key] != 0 && pending[key].amount == 0;
        bool may = outAt[key] != 0 && block.timestamp >= outAt[key] + DELAY && !isTaken;
        bytes4 refusal = giveBack(key);
        so((refusal == 0) == may, "returned once it lapsed");
        if (refusal != 0) return;
        outAt[key] = 0;
    }

    function _replaces(uint256 place, bytes32 former, bytes32 key, uint256 mask) private {
        bool may = mask == all() || (some(mask).length > size - faulty(size) && (mask >> place) & 1 == 1);
        may = may && stakes[former] != 0 && readyAt[former] == 0;
        may = may && (outAt[former] != 0 || used() < most());
        bytes4 refusal = replace(place, former, key, mask);
        so((refusal == 0) == may, "replaced exactly if all allow it");
        if (refusal != 0) return;
        known[place].push(key);
        stakes[key] = stakes[former];
        (stakes[former], outAt[former], isReplaced[former]) = (0, 0, true);
        urgentAt.push(block.timestamp);
    }

    function stakeOfOrganisation(uint256 place) private view returns (uint256 total) {
        for (uint256 i; i < known[place].length; ++i) total += stakes[known[place][i]];
    }

    function holders() private view returns (uint256 count) {
        for (uint256 place; place < size; ++place) if (stakeOfOrganisation(place) != 0) ++count;
    }

    function outs() private view returns (uint256 count) {
        for (uint256 place; place < size; ++place) {
            for (uint256 i; i < known[place].length; ++i) if (outAt[known[place][i]] != 0) ++count;
        }
    }

    function most() private view returns (uint256) {
        return faulty(holders());
    }

    /// Urgent acts that are younger than the delay, and keys that are out since longer.
    function used() private view returns (uint256 count) {
        for (uint256 i; i < urgentAt.length; ++i) if (urgentAt[i] + DELAY > block.timestamp) ++count;
        for (uint256 place; place < size; ++place) {
            for (uint256 i; i < known[place].length; ++i) {
                uint256 at = outAt[known[place][i]];
                if (at != 0 && at + DELAY <= block.timestamp) ++count;
            }
        }
    }

    function _holdsTheBounds() private view {
        uint256 total;
        for (uint256 place; place < size; ++place) {
            for (uint256 i; i < known[place].length; ++i) {
                bytes32 key = known[place][i];
                same(validators.stakeOf(key).amount, stakes[key]);
                same(isOutAt(key), outAt[key] != 0);
                same(powerOf(key), outAt[key] == 0 ? stakes[key] : 0);
                total += powerOf(key);
            }
        }
        so(outs() <= most(), "more than f are out");
        so(total > 0, "nobody has power");
        (Seat[] memory list, ) = office.coordinators();
        same(list.length, size);
    }
}
