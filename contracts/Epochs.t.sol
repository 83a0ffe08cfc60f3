// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Advance, CommitEpochs, Revoke, Suspension} from "./RequestTypes.sol";
import {IConsent} from "./interfaces/IConsent.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {World} from "./test/World.t.sol";

/// A patient's epochs: committed ahead by the patient, advanced by a revoke or by the coordinators.
contract EpochsTest is World {
    bytes32 private constant FRESH = keccak256("fresh");
    uint256 private constant FRESH_KEY = 0xF4E5;

    function setUp() public override {
        super.setUp();
        taken(enrol(enrolment(vm.addr(FRESH_KEY), PATIENT, FRESH), quorum(authorityKeys)));
    }

    function isAt(bytes32 handle, uint64 epoch, uint64 first, uint64 count, bytes32 root) private view {
        (uint64 epoch_, uint64 first_, uint64 count_, bytes32 root_) = consent.epochOf(handle);
        same(epoch_, epoch);
        same(first_, first);
        same(count_, count);
        same(root_, root);
    }

    function isLast(bytes32 handle, uint64 last) private view {
        same(consent.lastEpochOf(handle), last);
    }

    function next(bytes32 handle) private returns (bytes4) {
        (uint64 epoch, , , ) = consent.epochOf(handle);
        return advance(Advance(handle, epoch + 1, 0, LATER), quorum(coordinatorKeys));
    }

    // Committing

    function test_a_patient_without_a_commitment_is_in_no_epoch() public view {
        isAt(FRESH, 0, 0, 0, 0);
        isLast(FRESH, 0);
    }

    function test_the_first_commitment_begins_epoch_1() public {
        taken(commit(CommitEpochs(FRESH, 1, 8, "a", LATER), FRESH_KEY));
        isAt(FRESH, 1, 1, 8, "a");
        isLast(FRESH, 8);
    }

    function test_a_later_commitment_leaves_the_present_epoch_as_it_is() public {
        taken(commit(CommitEpochs(FRESH, 1, 8, "a", LATER), FRESH_KEY));
        taken(commit(CommitEpochs(FRESH, 2, 4, "b", LATER), FRESH_KEY));
        isAt(FRESH, 1, 1, 8, "a");
        isLast(FRESH, 5);
        taken(next(FRESH));
        isAt(FRESH, 2, 2, 4, "b");
        isLast(FRESH, 5);
    }

    function test_of_two_later_commitments_the_newer_one_counts() public {
        taken(commit(CommitEpochs(FRESH, 1, 1, "a", LATER), FRESH_KEY));
        taken(commit(CommitEpochs(FRESH, 2, 1, "b", LATER), FRESH_KEY));
        taken(commit(CommitEpochs(FRESH, 2, 2, "c", LATER), FRESH_KEY));
        isAt(FRESH, 1, 1, 1, "a");
        taken(next(FRESH));
        isAt(FRESH, 2, 2, 2, "c");
        taken(next(FRESH));
        refused(next(FRESH), IConsent.EpochsExhausted.selector);
    }

    function test_a_commitment_that_was_replaced_can_not_be_sent_again() public {
        CommitEpochs memory older = CommitEpochs(HANDLE, 2, 4, "older", LATER);
        taken(commit(older, PATIENT_KEY));
        taken(commit(CommitEpochs(HANDLE, 2, 5, "newer", LATER), PATIENT_KEY));
        refused(commit(older, PATIENT_KEY), IConsent.CountInvalid.selector);
        taken(next(HANDLE));
        isAt(HANDLE, 2, 2, 5, "newer");
        refused(commit(older, PATIENT_KEY), IConsent.EpochUnexpected.selector);
    }

    function test_a_commitment_that_was_replaced_never_counts_again() public {
        taken(commit(CommitEpochs(FRESH, 1, 8, "a", LATER), FRESH_KEY));
        taken(commit(CommitEpochs(FRESH, 2, 1, "b", LATER), FRESH_KEY));
        taken(next(FRESH));
        refused(next(FRESH), IConsent.EpochsExhausted.selector);
        isAt(FRESH, 2, 2, 1, "b");
    }

    function test_a_first_commitment_that_does_not_begin_with_1_is_refused(uint64 first) public {
        vm.assume(first != 1);
        refused(
            commit(CommitEpochs(FRESH, first, 8, "a", LATER), FRESH_KEY),
            IConsent.EpochUnexpected.selector
        );
    }

    function test_a_later_commitment_that_does_not_begin_with_the_next_epoch_is_refused(uint64 first) public {
        vm.assume(first != 2);
        refused(
            commit(CommitEpochs(HANDLE, first, 8, "a", LATER), PATIENT_KEY),
            IConsent.EpochUnexpected.selector
        );
    }

    function test_a_commitment_to_no_epoch_is_refused() public {
        refused(commit(CommitEpochs(FRESH, 1, 0, "a", LATER), FRESH_KEY), IConsent.CountInvalid.selector);
    }

    function test_a_commitment_to_too_many_epochs_is_refused(uint64 count) public {
        vm.assume(count > type(uint32).max);
        refused(commit(CommitEpochs(FRESH, 1, count, "a", LATER), FRESH_KEY), IConsent.CountInvalid.selector);
    }

    function test_a_commitment_signed_by_another_is_refused(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != FRESH_KEY);
        refused(commit(CommitEpochs(FRESH, 1, 8, "a", LATER), key), IRefusals.SignatureInvalid.selector);
    }

    function test_a_commitment_after_its_deadline_is_refused() public {
        vm.warp(LATER + 1);
        refused(commit(CommitEpochs(FRESH, 1, 8, "a", LATER), FRESH_KEY), IRefusals.DeadlinePassed.selector);
    }

    function test_a_commitment_for_a_handle_of_no_one_is_refused() public {
        CommitEpochs memory request = CommitEpochs("no one", 1, 8, "a", LATER);
        refused(commit(request, FRESH_KEY), IConsent.HandleUnknown.selector);
    }

    function test_a_commitment_by_a_suspended_patient_is_refused() public {
        taken(suspend(Suspension(vm.addr(FRESH_KEY), true, 1, LATER), quorum(authorityKeys)));
        refused(
            commit(CommitEpochs(FRESH, 1, 8, "a", LATER), FRESH_KEY),
            IRefusals.PartyIsSuspended.selector
        );
    }

    function test_a_commitment_is_not_taken_twice() public {
        CommitEpochs memory request = CommitEpochs(FRESH, 1, 8, "a", LATER);
        taken(commit(request, FRESH_KEY));
        refused(commit(request, FRESH_KEY), IConsent.EpochUnexpected.selector);
    }

    // Advancing

    function test_coordinators_of_enough_organisations_advance_an_epoch() public {
        taken(advance(Advance(HANDLE, 2, "packets", LATER), pick(coordinatorKeys, 1, 2)));
        isAt(HANDLE, 2, 1, 16, keccak256("sheets"));
    }

    // @actor k − 1 coordinators | to begin an epoch
    function test_one_coordinator_alone_advances_nothing() public {
        refused(
            advance(Advance(HANDLE, 2, 0, LATER), pick(coordinatorKeys, 0)),
            IRefusals.QuorumMissing.selector
        );
    }

    function test_the_authority_advances_nothing() public {
        refused(advance(Advance(HANDLE, 2, 0, LATER), quorum(authorityKeys)), IRefusals.SeatMissing.selector);
    }

    function test_a_coordinator_who_signs_twice_counts_once() public {
        refused(
            advance(Advance(HANDLE, 2, 0, LATER), pick(coordinatorKeys, 1, 1)),
            IRefusals.SignersUnordered.selector
        );
    }

    function test_signers_out_of_order_are_refused() public {
        refused(
            advance(Advance(HANDLE, 2, 0, LATER), pick(coordinatorKeys, 1, 0)),
            IRefusals.SignersUnordered.selector
        );
    }

    function test_an_advance_to_any_epoch_but_the_next_is_refused(uint64 epoch) public {
        vm.assume(epoch != 2);
        refused(
            advance(Advance(HANDLE, epoch, 0, LATER), quorum(coordinatorKeys)),
            IConsent.EpochUnexpected.selector
        );
    }

    function test_an_advance_is_not_taken_twice() public {
        Advance memory request = Advance(HANDLE, 2, 0, LATER);
        taken(advance(request, quorum(coordinatorKeys)));
        refused(advance(request, quorum(coordinatorKeys)), IConsent.EpochUnexpected.selector);
    }

    function test_an_advance_after_its_deadline_is_refused() public {
        vm.warp(LATER + 1);
        refused(
            advance(Advance(HANDLE, 2, 0, LATER), quorum(coordinatorKeys)),
            IRefusals.DeadlinePassed.selector
        );
    }

    function test_an_advance_before_the_first_commitment_is_refused() public {
        refused(
            advance(Advance(FRESH, 1, 0, LATER), quorum(coordinatorKeys)),
            IConsent.EpochsUncommitted.selector
        );
    }

    function test_an_advance_beyond_the_commitment_is_refused() public {
        taken(commit(CommitEpochs(FRESH, 1, 2, "a", LATER), FRESH_KEY));
        taken(next(FRESH));
        refused(next(FRESH), IConsent.EpochsExhausted.selector);
        isAt(FRESH, 2, 1, 2, "a");
    }

    function test_a_revoke_beyond_the_commitment_is_refused_until_more_is_committed() public {
        bytes32 digest = granted(doctor);
        for (uint256 i = 1; i < 16; ++i) taken(next(HANDLE));
        Revoke memory request = Revoke(HANDLE, digest, 17, 0, LATER);
        refused(revoke(request, PATIENT_KEY), IConsent.EpochsExhausted.selector);
        so(may(opening(doctor), doctor, "read", NOW), "it stays");
        taken(commit(CommitEpochs(HANDLE, 17, 8, "more", LATER), PATIENT_KEY));
        taken(revoke(request, PATIENT_KEY));
        isAt(HANDLE, 17, 17, 8, "more");
    }

    /// The rule in other words: at every epoch, the commitment that counts is the newest made before it began.
    function test_the_root_of_every_epoch_is_that_of_the_newest_commitment_before_it(uint256 choices) public {
        taken(commit(CommitEpochs(FRESH, 1, 200, bytes32(uint256(1)), LATER), FRESH_KEY));
        (uint64 first, uint64 epoch, uint64 newest) = (1, 1, 1);
        uint64 pending;
        for (uint256 i; i < 40; ++i) {
            if ((choices >> i) & 1 == 0) {
                pending = newest += 1;
                taken(
                    commit(
                        CommitEpochs(FRESH, epoch + 1, 200 + newest, bytes32(uint256(pending)), LATER),
                        FRESH_KEY
                    )
                );
            } else {
                taken(next(FRESH));
                ++epoch;
                if (pending != 0) first = epoch;
                pending = 0;
            }
            bytes32 root = bytes32(uint256(pending == 0 ? newest : 0));
            (uint64 epoch_, uint64 first_, , bytes32 root_) = consent.epochOf(FRESH);
            same(epoch_, epoch);
            same(first_, first);
            if (root != 0) same(root_, root);
        }
    }
}
