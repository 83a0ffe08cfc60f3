// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Enrolment, StakeChange, Suspension} from "./RequestTypes.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {IValidators} from "./interfaces/IValidators.sol";
import {World} from "./test/World.t.sol";

/// The stake of validators: the quorum that gives it, the delay, and the list that the engine reads.
contract ValidatorsTest is World {
    uint8 private constant ADMINISTRATOR = 11;
    bytes32 private constant NEW_KEY = keccak256("new key");
    address private constant SENDER = address(0x5E4D);

    IValidators private validators;

    function setUp() public override {
        super.setUp();
        validators = deployValidators(registry, founders(3));
        taken(
            enrol(
                Enrolment(SENDER, ADMINISTRATOR, organisations[1], keccak256("recipient"), 0, LATER),
                quorum(authorityKeys)
            )
        );
    }

    function keyOf(uint256 place) private pure returns (bytes32) {
        return keccak256(abi.encode("validator", place));
    }

    function founders(uint256 count) private view returns (IValidators.Stake[] memory list) {
        list = new IValidators.Stake[](count);
        for (uint256 i; i < count; ++i) list[i] = IValidators.Stake(organisations[i], keyOf(i), 10);
    }

    function foundsNothing(IValidators.Stake[] memory list) private {
        so(address(deployValidators(registry, list)) == address(0), "it should have reverted");
    }

    function change(bytes32 key, uint64 amount, uint64 number) private view returns (StakeChange memory) {
        // A new key is an organisation's that has no validator yet.
        bytes32 organisation = key == NEW_KEY ? bytes32("pharmacy") : organisations[1];
        return StakeChange(organisation, key, amount, number, LATER);
    }

    function begin(StakeChange memory request, uint256[] memory keys) private returns (bytes4) {
        StakeChange[] memory requests = new StakeChange[](1);
        requests[0] = request;
        vm.recordLogs();
        validators.changeStakes(requests, one(signatures(keys, hashes.hash(request))));
        return outcome();
    }

    function finish(StakeChange memory request) private returns (bytes4) {
        StakeChange[] memory requests = new StakeChange[](1);
        requests[0] = request;
        vm.recordLogs();
        validators.finishStakeChanges(requests);
        return outcome();
    }

    function comeBack(address sender, bytes32 key) private returns (bytes4) {
        bytes32[] memory keys = new bytes32[](1);
        keys[0] = key;
        vm.recordLogs();
        vm.prank(sender);
        validators.returnToWork(keys);
        return outcome();
    }

    function carryOut(bytes32 key, uint64 amount, uint64 number) private {
        StakeChange memory request = change(key, amount, number);
        taken(begin(request, quorum(coordinatorKeys)));
        vm.warp(block.timestamp + DELAY);
        taken(finish(request));
        vm.warp(NOW);
    }

    // Founding

    function test_the_founders_are_the_first_of_the_list() public view {
        same(validators.count(), 3);
        same(validators.changeAt(2).key, keyOf(2));
        same(validators.stakeOf(keyOf(0)).amount, 10);
    }

    function test_a_founder_without_stake_founds_nothing() public {
        IValidators.Stake[] memory list = founders(3);
        list[1].amount = 0;
        foundsNothing(list);
    }

    function test_a_key_of_two_founders_founds_nothing() public {
        IValidators.Stake[] memory list = founders(3);
        list[1].key = list[0].key;
        foundsNothing(list);
    }

    function test_a_founder_without_a_key_founds_nothing() public {
        IValidators.Stake[] memory list = founders(3);
        list[1].key = 0;
        foundsNothing(list);
    }

    function test_an_organisation_founds_nothing_with_two_keys() public {
        IValidators.Stake[] memory list = founders(3);
        list[1].organisation = list[0].organisation;
        foundsNothing(list);
    }

    // Changes

    function test_a_second_key_of_an_organisation_gets_stake_only_while_the_first_is_to_lose_its_own()
        public
    {
        StakeChange memory gives = StakeChange(organisations[1], NEW_KEY, 7, 1, LATER);
        refused(begin(gives, quorum(coordinatorKeys)), IValidators.StakeBeside.selector);
        // A lower stake is not a loss.
        taken(begin(change(keyOf(1), 1, 1), quorum(coordinatorKeys)));
        refused(begin(gives, quorum(coordinatorKeys)), IValidators.StakeBeside.selector);
        taken(begin(change(keyOf(1), 0, 2), quorum(coordinatorKeys)));
        taken(begin(gives, quorum(coordinatorKeys)));
        vm.warp(NOW + DELAY);
        taken(finish(gives));
        taken(finish(change(keyOf(1), 0, 2)));
        same(validators.stakeOf(NEW_KEY).amount, 7);
        same(validators.stakeOf(keyOf(1)).amount, 0);
    }

    function test_a_change_is_carried_out_after_the_delay_by_anybody() public {
        StakeChange memory request = change(NEW_KEY, 7, 1);
        taken(begin(request, quorum(coordinatorKeys)));
        same(validators.count(), 3);
        refused(finish(request), IValidators.ChangeEarly.selector);
        vm.warp(NOW + DELAY - 1);
        refused(finish(request), IValidators.ChangeEarly.selector);
        vm.warp(NOW + DELAY);
        vm.prank(address(0xBAD));
        taken(finish(request));
        same(validators.count(), 4);
        same(validators.changeAt(3).key, NEW_KEY);
        same(validators.changeAt(3).organisation, "pharmacy");
        same(validators.changeAt(3).amount, 7);
    }

    function test_a_change_is_carried_out_once() public {
        carryOut(NEW_KEY, 7, 1);
        refused(finish(change(NEW_KEY, 7, 1)), IValidators.ChangeUnknown.selector);
        same(validators.count(), 4);
    }

    function test_what_was_not_begun_is_not_carried_out() public {
        refused(finish(change(NEW_KEY, 7, 1)), IValidators.ChangeUnknown.selector);
    }

    function test_another_amount_than_was_signed_is_not_carried_out(uint64 amount) public {
        taken(begin(change(NEW_KEY, 7, 1), quorum(coordinatorKeys)));
        vm.warp(NOW + DELAY);
        if (amount == 7) return;
        refused(finish(change(NEW_KEY, amount, 1)), IValidators.ChangeUnknown.selector);
    }

    function test_a_later_change_of_a_key_replaces_the_one_under_way() public {
        StakeChange memory first = change(NEW_KEY, 7, 1);
        taken(begin(first, quorum(coordinatorKeys)));
        taken(begin(change(NEW_KEY, 8, 2), quorum(coordinatorKeys)));
        vm.warp(NOW + DELAY);
        refused(finish(first), IValidators.ChangeUnknown.selector);
        taken(finish(change(NEW_KEY, 8, 2)));
    }

    function test_a_signature_does_not_work_twice() public {
        carryOut(NEW_KEY, 7, 1);
        refused(begin(change(NEW_KEY, 7, 1), quorum(coordinatorKeys)), IValidators.ChangeUnexpected.selector);
    }

    function test_only_the_next_number_is_taken(uint64 number) public {
        if (number == 1) return;
        refused(
            begin(change(NEW_KEY, 7, number), quorum(coordinatorKeys)),
            IValidators.ChangeUnexpected.selector
        );
    }

    function test_fewer_than_the_quorum_change_nothing() public {
        uint256[] memory keys = new uint256[](1);
        keys[0] = coordinatorKeys[0];
        refused(begin(change(NEW_KEY, 7, 1), keys), IRefusals.QuorumMissing.selector);
    }

    function test_the_authority_gives_no_stake() public {
        refused(begin(change(NEW_KEY, 7, 1), quorum(authorityKeys)), IRefusals.SeatMissing.selector);
    }

    function test_a_deadline_that_passed_changes_nothing() public {
        vm.warp(LATER + 1);
        refused(begin(change(NEW_KEY, 7, 1), quorum(coordinatorKeys)), IRefusals.DeadlinePassed.selector);
    }

    function test_more_than_the_most_is_no_stake() public {
        refused(
            begin(change(NEW_KEY, 1_000_000_001, 1), quorum(coordinatorKeys)),
            IValidators.StakeInvalid.selector
        );
    }

    function test_the_key_of_another_organisation_gets_nothing() public {
        refused(begin(change(keyOf(0), 20, 1), quorum(coordinatorKeys)), IValidators.StakeInvalid.selector);
    }

    function test_no_key_gets_nothing() public {
        refused(begin(change(0, 20, 1), quorum(coordinatorKeys)), IValidators.StakeInvalid.selector);
    }

    function test_the_last_validator_stays() public {
        validators = deployValidators(registry, founders(2));
        carryOut(keyOf(1), 0, 1);
        StakeChange memory request = StakeChange(organisations[0], keyOf(0), 0, 1, LATER);
        taken(begin(request, quorum(coordinatorKeys)));
        vm.warp(NOW + DELAY);
        refused(finish(request), IValidators.ValidatorLast.selector);
        same(validators.stakeOf(keyOf(0)).amount, 10);
        // The last organisation can change its key: it never is without one.
        StakeChange memory gives = StakeChange(organisations[0], NEW_KEY, 10, 1, uint64(NOW + 2 * DELAY));
        taken(begin(gives, quorum(coordinatorKeys)));
        vm.warp(NOW + 2 * DELAY);
        taken(finish(gives));
        taken(finish(request));
        same(validators.stakeOf(NEW_KEY).amount, 10);
    }

    function test_a_validator_that_is_to_leave_and_returns_to_work_does_not_stay() public {
        StakeChange memory takes = change(keyOf(1), 0, 1);
        StakeChange memory gives = StakeChange(organisations[1], NEW_KEY, 7, 1, LATER);
        taken(begin(takes, quorum(coordinatorKeys)));
        taken(begin(gives, quorum(coordinatorKeys)));
        vm.warp(NOW + DELAY);
        taken(finish(gives));
        taken(comeBack(SENDER, keyOf(1)));
        StakeChange memory third = StakeChange(
            organisations[1],
            keccak256("third key"),
            7,
            1,
            uint64(NOW + 2 * DELAY)
        );
        refused(begin(third, quorum(coordinatorKeys)), IValidators.StakeBeside.selector);
        taken(finish(takes));
    }

    function test_one_bad_change_fails_alone() public {
        StakeChange[] memory requests = new StakeChange[](2);
        requests[0] = change(keyOf(0), 20, 1);
        requests[1] = change(NEW_KEY, 7, 1);
        bytes[][] memory signed = new bytes[][](2);
        for (uint256 i; i < 2; ++i) signed[i] = signatures(quorum(coordinatorKeys), hashes.hash(requests[i]));
        vm.recordLogs();
        validators.changeStakes(requests, signed);
        bytes4[] memory reasons = outcomes(2);
        refused(reasons[0], IValidators.StakeInvalid.selector);
        taken(reasons[1]);
        same(validators.changeOf(NEW_KEY), 1);
    }

    function test_a_list_without_a_signature_for_each_reverts() public {
        vm.expectRevert(IRefusals.LengthsDiffer.selector);
        validators.changeStakes(new StakeChange[](1), new bytes[][](0));
    }

    // Returning

    function test_an_organisations_account_takes_its_validator_back_to_work() public {
        taken(comeBack(SENDER, keyOf(1)));
        same(validators.count(), 4);
        same(validators.changeAt(3).amount, 10);
    }

    function test_no_other_organisations_account_does() public {
        refused(comeBack(SENDER, keyOf(0)), IValidators.ValidatorForeign.selector);
        refused(comeBack(address(0xBAD), keyOf(1)), IValidators.ValidatorForeign.selector);
        refused(comeBack(doctor, keyOf(1)), IValidators.ValidatorForeign.selector);
    }

    function test_a_suspended_account_does_not() public {
        taken(suspend(Suspension(SENDER, true, 1, LATER), quorum(authorityKeys)));
        refused(comeBack(SENDER, keyOf(1)), IValidators.ValidatorForeign.selector);
    }

    function test_a_key_without_stake_does_not_return() public {
        carryOut(keyOf(1), 0, 1);
        refused(comeBack(SENDER, keyOf(1)), IValidators.ValidatorForeign.selector);
        refused(comeBack(SENDER, NEW_KEY), IValidators.ValidatorForeign.selector);
    }
}
