// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CommitEpochs, End, Grant, KeyChange, Revoke, Suspension} from "./RequestTypes.sol";
import {EndMandate, MandateRequest} from "./MandateTypes.sol";
import {IConsent} from "./interfaces/IConsent.sol";
import {IMandates} from "./interfaces/IMandates.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {Acting} from "./test/Acting.t.sol";

/// Acting keys: who gives and ends a mandate, what a key may sign by it, and until when.
contract MandatesTest is Acting {
    bytes4 private constant INVALID = IRefusals.SignatureInvalid.selector;

    function again(uint256 key) private pure returns (CommitEpochs memory) {
        return CommitEpochs(HANDLE, 2, 16, keccak256(abi.encode("sheets", key)), LATER);
    }

    // Signing by a mandate

    function test_an_acting_key_gives_and_ends_rights_and_commits_to_keys() public {
        appointed(MARTA_KEY, RULES | KEYS);
        taken(grant(requestOf(opening(doctor)), MARTA_KEY));
        so(may(opening(doctor), doctor, "read", NOW), "check");
        taken(revoke(Revoke(HANDLE, grantDigest(opening(doctor)), 2, 0, LATER), MARTA_KEY));
        taken(grant(requestOf(opening(otherDoctor)), PATIENT_KEY));
        taken(endGrant(End(HANDLE, grantDigest(opening(otherDoctor)), LATER), MARTA_KEY));
        taken(commit(CommitEpochs(HANDLE, 3, 16, keccak256("more"), LATER), MARTA_KEY));
    }

    function test_each_power_gives_only_what_it_names() public {
        appointed(MARTA_KEY, RULES);
        appointed(JANO_KEY, KEYS);
        refused(commit(again(1), MARTA_KEY), INVALID);
        refused(grant(requestOf(opening(doctor)), JANO_KEY), INVALID);
        bytes32 digest = granted(doctor);
        refused(revoke(Revoke(HANDLE, digest, 2, 0, LATER), JANO_KEY), INVALID);
        refused(endGrant(End(HANDLE, digest, LATER), JANO_KEY), INVALID);
        taken(commit(again(1), JANO_KEY));
        taken(endGrant(End(HANDLE, digest, LATER), MARTA_KEY));
    }

    function test_an_acting_key_signs_nothing_on_another_handle() public {
        appointed(MARTA_KEY, ALL);
        Grant memory other = opening(doctor);
        other.handle = OTHER_HANDLE;
        refused(grant(requestOf(other), MARTA_KEY), INVALID);
        MandateRequest memory request = mandate(JANO_KEY, RULES, OVER);
        request.handle = OTHER_HANDLE;
        refused(appoint(request, MARTA_KEY), INVALID);
    }

    function test_an_acting_key_changes_no_key_of_the_patient() public {
        appointed(MARTA_KEY, ALL);
        KeyChange memory change = KeyChange(patient, vm.addr(STRANGER_KEY), keccak256("r"), 1, LATER);
        refused(changeKey(change, MARTA_KEY, STRANGER_KEY), INVALID);
    }

    function test_a_key_signs_in_the_last_second_of_its_mandate_and_not_in_the_next() public {
        MandateRequest memory request = mandate(MARTA_KEY, ALL, LATER);
        taken(appoint(request, PATIENT_KEY));
        vm.warp(LATER - 1);
        taken(grant(requestOf(opening(doctor)), MARTA_KEY));
        vm.warp(LATER);
        refused(grant(requestOf(opening(otherDoctor)), MARTA_KEY), INVALID);
        so(!acts(MARTA_KEY, RULES), "over");
        so(!acts(MARTA_KEY, 0), "over for whatever");
    }

    function test_a_key_whose_mandate_ended_signs_nothing() public {
        address acting = appointed(MARTA_KEY, ALL);
        taken(endMandate(acting, PATIENT_KEY));
        refused(grant(requestOf(opening(doctor)), MARTA_KEY), INVALID);
        refused(commit(again(1), MARTA_KEY), INVALID);
        refused(appoint(mandate(JANO_KEY, RULES, OVER), MARTA_KEY), INVALID);
        refused(endMandate(acting, MARTA_KEY), IMandates.MandateIsOver.selector);
    }

    function test_nothing_is_signed_for_a_suspended_patient_but_an_end_of_a_mandate_by_its_key() public {
        address acting = appointed(MARTA_KEY, ALL);
        taken(suspend(Suspension(patient, true, 1, LATER), quorum(authorityKeys)));
        refused(grant(requestOf(opening(doctor)), MARTA_KEY), IRefusals.PartyIsSuspended.selector);
        refused(appoint(mandate(JANO_KEY, RULES, OVER), PATIENT_KEY), IRefusals.PartyIsSuspended.selector);
        refused(appoint(mandate(JANO_KEY, RULES, OVER), MARTA_KEY), IRefusals.PartyIsSuspended.selector);
        refused(endMandate(acting, PATIENT_KEY), IRefusals.PartyIsSuspended.selector);
        taken(endMandate(acting, MARTA_KEY));
    }

    function test_a_signature_of_an_acting_key_has_one_form() public {
        appointed(MARTA_KEY, ALL);
        bytes memory signed = signature(MARTA_KEY, hashes.hash(requestOf(opening(doctor))));
        refused(grant(requestOf(opening(doctor)), bytes.concat(signed, hex"00")), INVALID);
    }

    function test_without_the_contract_only_the_patient_signs() public {
        appointed(MARTA_KEY, ALL);
        consent = deployConsent(registry, IMandates(address(0)), LONGEST_RIGHT);
        taken(commit(commitment(HANDLE), PATIENT_KEY));
        refused(grant(requestOf(opening(doctor)), MARTA_KEY), INVALID);
        taken(grant(requestOf(opening(doctor)), PATIENT_KEY));
    }

    // Giving

    function test_nobody_but_the_patient_or_who_may_appoint_gives_a_mandate(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        appointed(MARTA_KEY, RULES | KEYS);
        vm.assume(key != PATIENT_KEY);
        refused(appoint(mandate(JANO_KEY, RULES, OVER), key), INVALID);
        refused(appoint(mandate(JANO_KEY, RULES, OVER), MARTA_KEY), INVALID);
        refused(appoint(mandate(JANO_KEY, RULES, OVER), DOCTOR_KEY), INVALID);
        refused(appoint(mandate(JANO_KEY, RULES, OVER), OTHER_PATIENT_KEY), INVALID);
        refused(appoint(mandate(JANO_KEY, RULES, OVER), JANO_KEY), INVALID);
    }

    function test_a_mandate_is_given_once_and_a_key_has_one_on_a_handle() public {
        address acting = appointed(MARTA_KEY, RULES);
        refused(appoint(mandate(MARTA_KEY, RULES, OVER), PATIENT_KEY), IMandates.KeyKnown.selector);
        refused(appoint(mandate(MARTA_KEY, ALL, OVER), PATIENT_KEY), IMandates.KeyKnown.selector);
        taken(endMandate(acting, PATIENT_KEY));
        refused(appoint(mandate(MARTA_KEY, RULES, OVER), PATIENT_KEY), IMandates.KeyKnown.selector);
    }

    function test_an_unsound_mandate_is_refused(uint8 powers) public {
        bytes4 unsound = IMandates.MandateInvalid.selector;
        powers = uint8(within(powers, 8, 255));
        refused(appoint(mandate(MARTA_KEY, powers, OVER), PATIENT_KEY), unsound);
        refused(appoint(mandate(MARTA_KEY, 0, OVER), PATIENT_KEY), unsound);
        refused(appoint(mandate(MARTA_KEY, ALL, NOW), PATIENT_KEY), unsound);
        refused(appoint(mandate(MARTA_KEY, ALL, 1 << 40), PATIENT_KEY), unsound);
        MandateRequest memory request = mandate(MARTA_KEY, ALL, OVER);
        request.key = address(0);
        refused(appoint(request, PATIENT_KEY), unsound);
    }

    function test_a_mandate_late_altered_or_of_nobody_is_refused() public {
        MandateRequest memory request = mandate(MARTA_KEY, RULES, OVER);
        bytes memory signed = signature(PATIENT_KEY, texts.hash(request));
        request.powers = ALL;
        refused(appoint(request, signed), INVALID);
        request.handle = "nobody";
        refused(appoint(request, PATIENT_KEY), IMandates.HandleUnknown.selector);
        vm.warp(LATER + 1);
        refused(appoint(mandate(MARTA_KEY, RULES, OVER), PATIENT_KEY), IRefusals.DeadlinePassed.selector);
    }

    function test_a_former_key_of_the_patient_gives_none_and_acting_keys_go_on() public {
        appointed(MARTA_KEY, ALL);
        taken(
            changeKey(
                KeyChange(patient, vm.addr(STRANGER_KEY), keccak256("r"), 1, LATER),
                PATIENT_KEY,
                STRANGER_KEY
            )
        );
        refused(appoint(mandate(JANO_KEY, RULES, OVER), PATIENT_KEY), INVALID);
        taken(appoint(mandate(JANO_KEY, RULES, OVER), STRANGER_KEY));
        so(acts(MARTA_KEY, ALL) && acts(JANO_KEY, RULES), "act");
    }

    // By an acting key

    function test_an_acting_key_appoints_no_wider_and_no_longer() public {
        appointed(MARTA_KEY, RULES | APPOINT);
        bytes4 wider = IMandates.MandateWider.selector;
        refused(appoint(mandate(JANO_KEY, RULES | KEYS, OVER), MARTA_KEY), wider);
        refused(appoint(mandate(JANO_KEY, KEYS, OVER), MARTA_KEY), wider);
        refused(appoint(mandate(JANO_KEY, RULES, OVER + 1), MARTA_KEY), wider);
        refused(appoint(mandate(JANO_KEY, RULES | APPOINT, OVER), MARTA_KEY), wider);
        taken(appoint(mandate(JANO_KEY, RULES, OVER), MARTA_KEY));
        taken(grant(requestOf(opening(doctor)), JANO_KEY));
        refused(appoint(mandate(STRANGER_KEY, RULES, OVER), JANO_KEY), INVALID);
    }

    function test_an_appointed_key_acts_as_long_as_its_appointer_does() public {
        address acting = appointed(MARTA_KEY, ALL);
        taken(appoint(mandate(JANO_KEY, RULES, OVER), MARTA_KEY));
        taken(endMandate(acting, PATIENT_KEY));
        so(!acts(JANO_KEY, RULES), "its appointer ended");
        refused(grant(requestOf(opening(doctor)), JANO_KEY), INVALID);
    }

    // Ending

    function test_the_patient_the_key_itself_and_its_appointer_end_a_mandate_and_nobody_else() public {
        address first = appointed(MARTA_KEY, ALL);
        address other = appointed(OTHER_DOCTOR_KEY, ALL);
        MandateRequest memory request = mandate(JANO_KEY, RULES, OVER);
        taken(appoint(request, MARTA_KEY));
        address second = request.key;
        refused(endMandate(second, OTHER_DOCTOR_KEY), INVALID);
        refused(endMandate(second, STRANGER_KEY), INVALID);
        refused(endMandate(second, OTHER_PATIENT_KEY), INVALID);
        refused(endMandate(first, JANO_KEY), INVALID);
        refused(endMandate(first, OTHER_DOCTOR_KEY), INVALID);
        taken(endMandate(second, MARTA_KEY));
        taken(endMandate(other, OTHER_DOCTOR_KEY));
        taken(endMandate(first, PATIENT_KEY));
    }

    function test_an_appointer_that_acts_no_longer_ends_nobody() public {
        address first = appointed(MARTA_KEY, ALL);
        MandateRequest memory request = mandate(JANO_KEY, RULES, OVER);
        taken(appoint(request, MARTA_KEY));
        taken(endMandate(first, MARTA_KEY));
        refused(endMandate(request.key, MARTA_KEY), INVALID);
    }

    function test_an_end_late_unknown_or_twice_is_refused() public {
        address acting = appointed(MARTA_KEY, ALL);
        refused(endMandate(vm.addr(STRANGER_KEY), PATIENT_KEY), IMandates.MandateUnknown.selector);
        refused(
            endMandate(EndMandate(HANDLE, acting, NOW - 1), PATIENT_KEY),
            IRefusals.DeadlinePassed.selector
        );
        refused(
            endMandate(EndMandate(OTHER_HANDLE, acting, LATER), OTHER_PATIENT_KEY),
            IMandates.MandateUnknown.selector
        );
        taken(endMandate(acting, PATIENT_KEY));
        refused(endMandate(acting, PATIENT_KEY), IMandates.MandateIsOver.selector);
    }
}
