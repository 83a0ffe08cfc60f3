// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Enrolment, Suspension} from "./RequestTypes.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Seat} from "./libraries/Offices.sol";
import {World} from "./test/World.t.sol";

/// Enrolment, suspension, and what makes an office.
contract RegistryTest is World {
    address private constant NEW = address(0x1234);

    // Enrolling

    function test_members_of_enough_organisations_enrol_a_party() public {
        taken(enrol(enrolment(NEW, 9, 0), pick(authorityKeys, 1, 2)));
        IRegistry.Party memory party = registry.party(NEW);
        same(party.signer, NEW);
        same(party.role, 9);
        same(party.organisation, "hospital");
        same(party.recipient, keccak256("recipient"));
        so(registry.isActive(NEW), "active");
    }

    function test_all_members_together_enrol_a_party() public {
        taken(enrol(enrolment(NEW, 9, 0), authorityKeys));
    }

    function test_a_patients_handle_leads_to_the_patient() public view {
        same(registry.controllerOf(HANDLE), patient);
        (address signer, bool active) = registry.signatoryOf(HANDLE);
        same(signer, patient);
        so(active, "active");
    }

    // @actor one member of the authority | to enrol alone
    function test_no_one_enrols_alone(uint256 place) public {
        uint256[] memory key = pick(authorityKeys, within(place, 0, 2));
        refused(enrol(enrolment(NEW, 2, 0), key), IRefusals.QuorumMissing.selector);
        so(!registry.isActive(NEW), "active");
    }

    function test_no_signature_enrols_no_one() public {
        refused(enrol(enrolment(NEW, 2, 0), new uint256[](0)), IRefusals.QuorumMissing.selector);
    }

    function test_a_member_who_signs_twice_counts_once(uint256 place) public {
        place = within(place, 0, 2);
        uint256[] memory keys = pick(authorityKeys, place, place);
        refused(enrol(enrolment(NEW, 2, 0), keys), IRefusals.SignersUnordered.selector);
    }

    function test_signers_in_descending_order_are_refused() public {
        refused(enrol(enrolment(NEW, 2, 0), pick(authorityKeys, 2, 0)), IRefusals.SignersUnordered.selector);
    }

    function test_a_strangers_signature_beside_a_members_is_refused(uint256 key) public {
        key = within(key, 1, type(uint128).max);
        vm.assume(vm.addr(key) > vm.addr(authorityKeys[0]));
        vm.assume(key != authorityKeys[1] && key != authorityKeys[2]);
        uint256[] memory keys = pick(authorityKeys, 0, 0);
        keys[1] = key;
        refused(enrol(enrolment(NEW, 2, 0), keys), IRefusals.SeatMissing.selector);
    }

    function test_strangers_enrol_no_one(uint256 a, uint256 b) public {
        uint256[] memory keys = new uint256[](2);
        (keys[0], keys[1]) = (within(a, 1, type(uint128).max), within(b, 1, type(uint128).max));
        bytes4 refusal = enrol(enrolment(NEW, 2, 0), keys);
        so(refusal != 0 && !registry.isActive(NEW), "refused");
    }

    function test_coordinators_enrol_no_one() public {
        refused(enrol(enrolment(NEW, 2, 0), quorum(coordinatorKeys)), IRefusals.SeatMissing.selector);
    }

    function test_two_members_of_one_organisation_count_once() public {
        uint256[] memory keys = sorted(0xE000, 3);
        Seat[] memory list = new Seat[](3);
        list[0] = Seat(vm.addr(keys[0]), "hospital");
        list[1] = Seat(vm.addr(keys[1]), "hospital");
        list[2] = Seat(vm.addr(keys[2]), "laboratory");
        registry = deployRegistry(NETWORK, list, 2, seats(coordinatorKeys), 2, DELAY);
        refused(enrol(enrolment(NEW, 2, 0), pick(keys, 0, 1)), IRefusals.QuorumMissing.selector);
        taken(enrol(enrolment(NEW, 2, 0), pick(keys, 1, 2)));
    }

    function test_an_enrolment_after_its_deadline_is_refused() public {
        vm.warp(LATER + 1);
        refused(enrol(enrolment(NEW, 2, 0), quorum(authorityKeys)), IRefusals.DeadlinePassed.selector);
    }

    function test_a_role_that_is_none_is_refused(uint8 role) public {
        vm.assume(role == 0 || role > LAST_ROLE);
        refused(enrol(enrolment(NEW, role, 0), quorum(authorityKeys)), IRegistry.EnrolmentInvalid.selector);
    }

    function test_the_zero_address_is_refused() public {
        refused(
            enrol(enrolment(address(0), 2, 0), quorum(authorityKeys)),
            IRegistry.EnrolmentInvalid.selector
        );
    }

    function test_a_patient_without_a_handle_is_refused() public {
        refused(enrol(enrolment(NEW, PATIENT, 0), quorum(authorityKeys)), IRegistry.HandleMisplaced.selector);
    }

    function test_another_role_with_a_handle_is_refused(uint8 role) public {
        role = uint8(within(role, 2, LAST_ROLE));
        refused(
            enrol(enrolment(NEW, role, "handle"), quorum(authorityKeys)),
            IRegistry.HandleMisplaced.selector
        );
    }

    function test_a_handle_stays_its_patients() public {
        refused(
            enrol(enrolment(NEW, PATIENT, HANDLE), quorum(authorityKeys)),
            IRegistry.HandleTaken.selector
        );
        same(registry.controllerOf(HANDLE), patient);
    }

    function test_a_party_is_enrolled_once_and_its_role_stays() public {
        refused(enrol(enrolment(doctor, 6, 0), quorum(authorityKeys)), IRegistry.PartyKnown.selector);
        refused(
            enrol(enrolment(doctor, PATIENT, "mine"), quorum(authorityKeys)),
            IRegistry.PartyKnown.selector
        );
        same(registry.party(doctor).role, DOCTOR);
    }

    function test_an_altered_enrolment_is_refused(
        uint8 role,
        bytes32 organisation,
        bytes32 recipient
    ) public {
        Enrolment memory request = enrolment(NEW, 2, 0);
        role = uint8(within(role, 2, LAST_ROLE));
        bool equal = role == 2 && organisation == request.organisation && recipient == request.recipient;
        bytes[] memory signed = signatures(quorum(authorityKeys), hashes.hash(request));
        (request.role, request.organisation, request.recipient) = (role, organisation, recipient);
        Enrolment[] memory requests = new Enrolment[](1);
        requests[0] = request;
        vm.recordLogs();
        registry.enrol(requests, one(signed));
        // Another digest gives other signers, whom no one knows.
        so((outcome() == 0) == equal && registry.isActive(NEW) == equal, "refused");
    }

    // Suspending

    function test_the_authority_suspends_and_lifts() public {
        taken(suspend(Suspension(doctor, true, 1, LATER), quorum(authorityKeys)));
        so(!registry.isActive(doctor), "suspended");
        taken(suspend(Suspension(doctor, false, 2, LATER), pick(authorityKeys, 0, 2)));
        so(registry.isActive(doctor), "lifted");
    }

    function test_a_suspension_is_not_repeated_after_it_was_lifted() public {
        Suspension memory request = Suspension(doctor, true, 1, LATER);
        taken(suspend(request, quorum(authorityKeys)));
        taken(suspend(Suspension(doctor, false, 2, LATER), quorum(authorityKeys)));
        refused(suspend(request, quorum(authorityKeys)), IRegistry.ChangeUnexpected.selector);
        so(registry.isActive(doctor), "still lifted");
    }

    function test_a_suspension_numbered_otherwise_than_the_next_is_refused(uint64 change) public {
        vm.assume(change != 1);
        refused(
            suspend(Suspension(doctor, true, change, LATER), quorum(authorityKeys)),
            IRegistry.ChangeUnexpected.selector
        );
    }

    function test_one_member_alone_suspends_no_one() public {
        refused(
            suspend(Suspension(doctor, true, 1, LATER), pick(authorityKeys, 0)),
            IRefusals.QuorumMissing.selector
        );
    }

    // @actor k coordinators | to enrol or suspend somebody
    function test_coordinators_suspend_no_one() public {
        refused(
            suspend(Suspension(doctor, true, 1, LATER), quorum(coordinatorKeys)),
            IRefusals.SeatMissing.selector
        );
    }

    function test_no_one_is_suspended_whom_no_one_enrolled(address party) public {
        vm.assume(!registry.isActive(party));
        refused(
            suspend(Suspension(party, true, 1, LATER), quorum(authorityKeys)),
            IRefusals.PartyUnknown.selector
        );
    }

    function test_a_suspension_after_its_deadline_is_refused() public {
        vm.warp(LATER + 1);
        refused(
            suspend(Suspension(doctor, true, 1, LATER), quorum(authorityKeys)),
            IRefusals.DeadlinePassed.selector
        );
    }

    // Asking

    function test_an_address_of_no_one_is_nothing(address id) public view {
        vm.assume(id != patient && id != vm.addr(OTHER_PATIENT_KEY) && id != doctor && id != otherDoctor);
        so(!registry.isActive(id), "active");
        same(registry.signerOf(id), address(0));
        same(registry.party(id).role, 0);
    }

    function test_a_handle_of_no_one_has_no_signer(bytes32 handle) public view {
        vm.assume(handle != HANDLE && handle != OTHER_HANDLE);
        (address signer, bool active) = registry.signatoryOf(handle);
        so(signer == address(0) && !active, "signer");
    }
}
