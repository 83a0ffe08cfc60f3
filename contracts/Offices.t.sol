// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Advance, OfficeChange} from "./RequestTypes.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Offices, Seat} from "./libraries/Offices.sol";
import {World} from "./test/World.t.sol";

/// The offices of authority and coordinators, and how their holders change.
contract OfficesTest is World {
    uint256[] private newKeys;

    function setUp() public override {
        super.setUp();
        newKeys = sorted(0xD000, 3);
    }

    function change(string memory office, uint64 number) private view returns (OfficeChange memory) {
        address[] memory members = new address[](3);
        bytes32[] memory names = new bytes32[](3);
        for (uint256 i; i < 3; ++i) (members[i], names[i]) = (vm.addr(newKeys[i]), organisations[i]);
        return OfficeChange(office, members, names, 2, number, LATER);
    }

    // Founding

    function found(Seat[] memory list, uint8 threshold) private {
        registry = deployRegistry(NETWORK, list, threshold, seats(coordinatorKeys), 2, DELAY);
    }

    function test_the_founders_hold_their_offices() public view {
        (Seat[] memory held, uint8 threshold) = registry.coordinators();
        same(held.length, 3);
        same(threshold, 2);
        for (uint256 i; i < 3; ++i) {
            same(held[i].holder, vm.addr(coordinatorKeys[i]));
            same(held[i].organisation, organisations[i]);
        }
        (held, threshold) = registry.authority();
        same(held[2].holder, vm.addr(authorityKeys[2]));
    }

    function test_a_threshold_that_is_no_majority_of_the_organisations_founds_nothing(
        uint8 count,
        uint8 k
    ) public {
        count = uint8(within(count, 1, 9));
        Seat[] memory list = new Seat[](count);
        for (uint256 i; i < count; ++i) list[i] = Seat(address(uint160(i + 1)), bytes32(i + 1));
        bool majority = k <= count && 2 * uint256(k) > count;
        so(Offices.makeOffice(list, k) == majority, "majority");
        if (!majority) vm.expectRevert(IRegistry.OfficeInvalid.selector);
        found(list, k);
    }

    function test_an_office_without_seats_founds_nothing() public {
        vm.expectRevert(IRegistry.OfficeInvalid.selector);
        found(new Seat[](0), 0);
    }

    function test_a_seat_of_no_one_founds_nothing() public {
        Seat[] memory list = seats(authorityKeys);
        list[1].holder = address(0);
        vm.expectRevert(IRegistry.OfficeInvalid.selector);
        found(list, 2);
    }

    function test_a_seat_of_no_organisation_founds_nothing() public {
        Seat[] memory list = seats(authorityKeys);
        list[1].organisation = 0;
        vm.expectRevert(IRegistry.OfficeInvalid.selector);
        found(list, 2);
    }

    function test_a_key_on_two_seats_founds_nothing() public {
        Seat[] memory list = seats(authorityKeys);
        list[2].holder = list[0].holder;
        vm.expectRevert(IRegistry.OfficeInvalid.selector);
        found(list, 2);
    }

    function test_a_threshold_counts_organisations_and_not_seats() public {
        Seat[] memory list = seats(authorityKeys);
        list[1].organisation = list[0].organisation;
        vm.expectRevert(IRegistry.OfficeInvalid.selector);
        found(list, 3);
    }

    // Changing

    function test_sitting_coordinators_are_followed_by_others_after_the_delay() public {
        OfficeChange memory request = change("coordinators", 1);
        taken(changeOffice(request, quorum(coordinatorKeys)));
        taken(advance(Advance(HANDLE, 2, 0, LATER), quorum(coordinatorKeys)));
        vm.warp(NOW + DELAY);
        taken(finishOfficeChange(request));
        uint64 later = NOW + DELAY + 1;
        refused(
            advance(Advance(HANDLE, 3, 0, later), quorum(coordinatorKeys)),
            IRefusals.SeatMissing.selector
        );
        taken(advance(Advance(HANDLE, 3, 0, later), quorum(newKeys)));
    }

    function test_sitting_authority_members_are_followed_by_others_after_the_delay() public {
        OfficeChange memory request = change("authority", 1);
        taken(changeOffice(request, quorum(authorityKeys)));
        vm.warp(NOW + DELAY);
        taken(finishOfficeChange(request));
        (Seat[] memory held, ) = registry.authority();
        same(held[0].holder, vm.addr(newKeys[0]));
        (held, ) = registry.coordinators();
        same(held[0].holder, vm.addr(coordinatorKeys[0]));
    }

    function test_a_threshold_alone_can_change() public {
        OfficeChange memory request = change("coordinators", 1);
        for (uint256 i; i < 3; ++i) request.members[i] = vm.addr(coordinatorKeys[i]);
        request.threshold = 3;
        taken(changeOffice(request, quorum(coordinatorKeys)));
        vm.warp(NOW + DELAY);
        taken(finishOfficeChange(request));
        uint64 later = NOW + DELAY + 1;
        refused(
            advance(Advance(HANDLE, 2, 0, later), quorum(coordinatorKeys)),
            IRefusals.QuorumMissing.selector
        );
        taken(advance(Advance(HANDLE, 2, 0, later), coordinatorKeys));
    }

    function test_an_office_can_not_be_changed_by_the_other() public {
        refused(
            changeOffice(change("coordinators", 1), quorum(authorityKeys)),
            IRefusals.SeatMissing.selector
        );
        refused(
            changeOffice(change("authority", 1), quorum(coordinatorKeys)),
            IRefusals.SeatMissing.selector
        );
    }

    function test_those_to_come_can_not_change_it_themselves() public {
        refused(changeOffice(change("coordinators", 1), quorum(newKeys)), IRefusals.SeatMissing.selector);
    }

    function test_one_coordinator_alone_changes_nothing() public {
        refused(
            changeOffice(change("coordinators", 1), pick(coordinatorKeys, 0)),
            IRefusals.QuorumMissing.selector
        );
    }

    function test_a_change_can_not_be_finished_early(uint32 moment) public {
        OfficeChange memory request = change("coordinators", 1);
        taken(changeOffice(request, quorum(coordinatorKeys)));
        vm.warp(NOW + within(moment, 0, DELAY - 1));
        refused(finishOfficeChange(request), IRegistry.ChangeEarly.selector);
    }

    function test_a_change_that_was_not_begun_can_not_be_finished() public {
        refused(finishOfficeChange(change("coordinators", 1)), IRegistry.ChangeUnknown.selector);
    }

    function test_another_change_than_the_signed_one_can_not_be_finished(address intruder) public {
        OfficeChange memory request = change("coordinators", 1);
        vm.assume(intruder != request.members[0]);
        taken(changeOffice(request, quorum(coordinatorKeys)));
        vm.warp(NOW + DELAY);
        request.members[0] = intruder;
        refused(finishOfficeChange(request), IRegistry.ChangeUnknown.selector);
    }

    function test_a_change_is_finished_once() public {
        OfficeChange memory request = change("coordinators", 1);
        taken(changeOffice(request, quorum(coordinatorKeys)));
        vm.warp(NOW + DELAY);
        taken(finishOfficeChange(request));
        refused(finishOfficeChange(request), IRegistry.ChangeUnknown.selector);
    }

    function test_a_change_can_not_be_begun_again_to_put_its_end_off() public {
        OfficeChange memory request = change("coordinators", 1);
        taken(changeOffice(request, quorum(coordinatorKeys)));
        vm.warp(LATER);
        refused(changeOffice(request, quorum(coordinatorKeys)), IRegistry.ChangeUnexpected.selector);
        vm.warp(NOW + DELAY);
        taken(finishOfficeChange(request));
    }

    function test_a_newer_change_replaces_the_one_under_way() public {
        OfficeChange memory request = change("coordinators", 1);
        OfficeChange memory newer = change("coordinators", 2);
        newer.threshold = 3;
        taken(changeOffice(request, quorum(coordinatorKeys)));
        taken(changeOffice(newer, quorum(coordinatorKeys)));
        vm.warp(NOW + DELAY);
        refused(finishOfficeChange(request), IRegistry.ChangeUnknown.selector);
        taken(finishOfficeChange(newer));
        (, uint8 threshold) = registry.coordinators();
        same(threshold, 3);
    }

    function test_a_change_of_an_office_that_is_none_is_refused(string calldata office) public {
        bytes32 name = keccak256(bytes(office));
        vm.assume(name != keccak256("authority") && name != keccak256("coordinators"));
        refused(changeOffice(change(office, 1), quorum(authorityKeys)), IRegistry.OfficeUnknown.selector);
    }

    function test_a_change_to_no_office_is_refused() public {
        OfficeChange memory request = change("coordinators", 1);
        request.threshold = 1;
        refused(changeOffice(request, quorum(coordinatorKeys)), IRegistry.OfficeInvalid.selector);
        request.threshold = 4;
        refused(changeOffice(request, quorum(coordinatorKeys)), IRegistry.OfficeInvalid.selector);
        request.threshold = 2;
        request.organisations = new bytes32[](2);
        refused(changeOffice(request, quorum(coordinatorKeys)), IRegistry.OfficeInvalid.selector);
    }

    function test_a_change_after_its_deadline_is_refused() public {
        vm.warp(LATER + 1);
        refused(
            changeOffice(change("coordinators", 1), quorum(coordinatorKeys)),
            IRefusals.DeadlinePassed.selector
        );
    }
}
