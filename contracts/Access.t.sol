// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessAnswer, AccessNotice, Revoke, Suspension} from "./RequestTypes.sol";
import {IConsent} from "./interfaces/IConsent.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {World} from "./test/World.t.sol";

/// Access requests, of which the ledger sees the digest alone, and the patients' answers.
contract AccessTest is World {
    bytes32 private constant REQUEST = keccak256("request");

    function noted() private {
        taken(noteAccess(AccessNotice(HANDLE, REQUEST, LATER), quorum(coordinatorKeys)));
    }

    function isState(IConsent.AccessState state) private view {
        so(consent.accessOf(HANDLE, REQUEST) == state, "state");
    }

    function test_a_request_is_answered_with_a_grant() public {
        noted();
        isState(IConsent.AccessState.Open);
        taken(answerAccess(AccessAnswer(HANDLE, REQUEST, granted(doctor), LATER), PATIENT_KEY));
        isState(IConsent.AccessState.Granted);
    }

    function test_a_request_is_declined() public {
        noted();
        taken(answerAccess(AccessAnswer(HANDLE, REQUEST, 0, LATER), PATIENT_KEY));
        isState(IConsent.AccessState.Declined);
    }

    function test_a_request_that_was_noted_gives_no_right() public {
        bytes32 digest = grantDigest(opening(doctor));
        taken(noteAccess(AccessNotice(HANDLE, digest, LATER), quorum(coordinatorKeys)));
        so(!may(opening(doctor), doctor, "read", NOW), "check");
    }

    function test_a_request_is_noted_once() public {
        noted();
        AccessNotice memory again = AccessNotice(HANDLE, REQUEST, LATER - 1);
        refused(noteAccess(again, quorum(coordinatorKeys)), IConsent.RequestKnown.selector);
        taken(answerAccess(AccessAnswer(HANDLE, REQUEST, 0, LATER), PATIENT_KEY));
        refused(noteAccess(again, quorum(coordinatorKeys)), IConsent.RequestKnown.selector);
    }

    function test_a_request_can_not_be_moved_to_another_patient() public {
        noted();
        AccessAnswer memory answer = AccessAnswer(OTHER_HANDLE, REQUEST, 0, LATER);
        refused(answerAccess(answer, OTHER_PATIENT_KEY), IConsent.RequestUnknown.selector);
        taken(noteAccess(AccessNotice(OTHER_HANDLE, REQUEST, LATER), quorum(coordinatorKeys)));
        taken(answerAccess(answer, OTHER_PATIENT_KEY));
        isState(IConsent.AccessState.Open);
    }

    function test_one_coordinator_alone_notes_nothing() public {
        AccessNotice memory notice = AccessNotice(HANDLE, REQUEST, LATER);
        refused(noteAccess(notice, pick(coordinatorKeys, 0)), IRefusals.QuorumMissing.selector);
    }

    function test_the_one_who_asks_notes_nothing() public {
        uint256[] memory keys = new uint256[](1);
        keys[0] = DOCTOR_KEY;
        refused(noteAccess(AccessNotice(HANDLE, REQUEST, LATER), keys), IRefusals.SeatMissing.selector);
    }

    function test_a_notice_for_a_handle_of_no_one_is_refused(bytes32 handle) public {
        vm.assume(handle != HANDLE && handle != OTHER_HANDLE);
        AccessNotice memory notice = AccessNotice(handle, REQUEST, LATER);
        refused(noteAccess(notice, quorum(coordinatorKeys)), IConsent.HandleUnknown.selector);
    }

    function test_a_notice_after_its_deadline_is_refused() public {
        vm.warp(LATER + 1);
        AccessNotice memory notice = AccessNotice(HANDLE, REQUEST, LATER);
        refused(noteAccess(notice, quorum(coordinatorKeys)), IRefusals.DeadlinePassed.selector);
    }

    function test_an_answer_by_another_is_refused(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(key != PATIENT_KEY);
        noted();
        AccessAnswer memory answer = AccessAnswer(HANDLE, REQUEST, 0, LATER);
        refused(answerAccess(answer, key), IRefusals.SignatureInvalid.selector);
    }

    function test_an_answer_to_no_request_is_refused(bytes32 request) public {
        AccessAnswer memory answer = AccessAnswer(HANDLE, request, 0, LATER);
        refused(answerAccess(answer, PATIENT_KEY), IConsent.RequestUnknown.selector);
    }

    function test_a_request_is_answered_once() public {
        noted();
        taken(answerAccess(AccessAnswer(HANDLE, REQUEST, 0, LATER), PATIENT_KEY));
        AccessAnswer memory answer = AccessAnswer(HANDLE, REQUEST, granted(doctor), LATER);
        refused(answerAccess(answer, PATIENT_KEY), IConsent.RequestAnswered.selector);
        isState(IConsent.AccessState.Declined);
    }

    function test_an_answer_with_a_grant_that_was_not_made_is_refused(bytes32 digest) public {
        vm.assume(digest != 0);
        noted();
        AccessAnswer memory answer = AccessAnswer(HANDLE, REQUEST, digest, LATER);
        refused(answerAccess(answer, PATIENT_KEY), IConsent.GrantUnknown.selector);
        isState(IConsent.AccessState.Open);
    }

    function test_an_answer_with_a_grant_that_ended_is_refused() public {
        noted();
        bytes32 digest = granted(doctor);
        taken(revoke(Revoke(HANDLE, digest, 2, 0, LATER), PATIENT_KEY));
        AccessAnswer memory answer = AccessAnswer(HANDLE, REQUEST, digest, LATER);
        refused(answerAccess(answer, PATIENT_KEY), IConsent.GrantEnded.selector);
    }

    function test_an_answer_by_a_suspended_patient_is_refused() public {
        noted();
        taken(suspend(Suspension(patient, true, 1, LATER), quorum(authorityKeys)));
        AccessAnswer memory answer = AccessAnswer(HANDLE, REQUEST, 0, LATER);
        refused(answerAccess(answer, PATIENT_KEY), IRefusals.PartyIsSuspended.selector);
    }

    function test_an_answer_after_its_deadline_is_refused() public {
        noted();
        vm.warp(LATER + 1);
        AccessAnswer memory answer = AccessAnswer(HANDLE, REQUEST, 0, LATER);
        refused(answerAccess(answer, PATIENT_KEY), IRefusals.DeadlinePassed.selector);
    }
}
