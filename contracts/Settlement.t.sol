// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimRequest} from "./ClaimTypes.sol";
import {IssueUnits, RedeemUnits} from "./SettlementTypes.sol";
import {IRefusals} from "./interfaces/IRefusals.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {Claiming} from "./test/Claiming.t.sol";

/// Settlement units: who makes, moves and takes them.
contract SettlementTest is Claiming {
    // Issuing

    function test_a_member_that_issues_gives_units_which_are_its_to_take_back() public view {
        same(settlement.balanceOf(insurer), FUNDS);
        same(settlement.totalSupply(), 2 * uint256(FUNDS));
        same(settlement.issuerOf(ISSUER).outstanding, 2 * uint256(FUNDS));
    }

    function test_an_issue_is_made_once() public {
        IssueUnits memory request = IssueUnits(ISSUER, insurer, 5, 3, LATER);
        taken(issue(request, issuerKey()));
        refused(issue(request, issuerKey()), ISettlement.NumberUnexpected.selector);
    }

    function test_nobody_issues_for_an_organisation_without_its_seat() public {
        IssueUnits memory request = IssueUnits(ISSUER, doctor, 5, 3, LATER);
        refused(issue(request, DOCTOR_KEY), IRefusals.SeatMissing.selector);
        refused(issue(request, authorityKeys[1]), IRefusals.SeatMissing.selector);
        refused(issue(request, coordinatorKeys[0]), IRefusals.SeatMissing.selector);
        taken(issue(IssueUnits("laboratory", doctor, 5, 1, LATER), authorityKeys[1]));
    }

    function test_an_organisation_takes_back_no_more_than_it_issued() public {
        taken(issue(IssueUnits("laboratory", hospital, 5, 1, LATER), authorityKeys[1]));
        taken(issue(hospital, 10));
        RedeemUnits memory request = RedeemUnits(hospital, "laboratory", 6, 1, LATER);
        refused(redeem(request, HOSPITAL_KEY, authorityKeys[1]), ISettlement.AmountInvalid.selector);
        request.amount = 5;
        taken(redeem(request, HOSPITAL_KEY, authorityKeys[1]));
        same(settlement.issuerOf("laboratory").outstanding, 0);
    }

    function test_no_issue_is_of_nothing_to_nobody_too_late_or_beyond_what_is_counted() public {
        refused(issue(insurer, 0), ISettlement.AmountInvalid.selector);
        refused(issue(address(0), 1), ISettlement.AccountInvalid.selector);
        refused(issue(address(claims), 1), ISettlement.AccountInvalid.selector);
        refused(issue(insurer, type(uint48).max), ISettlement.AmountInvalid.selector);
        IssueUnits memory late = IssueUnits(ISSUER, insurer, 5, 3, NOW - 1);
        refused(issue(late, issuerKey()), IRefusals.DeadlinePassed.selector);
    }

    // @attack one seat issues all units that there can be | an organisation has at most a 256th outstanding
    function test_one_seat_does_not_use_up_the_units_of_the_others() public {
        uint48 most = settlement.MOST_OUTSTANDING();
        same(most, 2 ** 40 - 1);
        uint48 left = most - settlement.issuerOf(ISSUER).outstanding;
        refused(issue(insurer, left + 1), ISettlement.AmountInvalid.selector);
        taken(issue(insurer, left));
        refused(issue(insurer, 1), ISettlement.AmountInvalid.selector);
        refused(
            issue(IssueUnits("laboratory", doctor, most + 1, 1, LATER), authorityKeys[1]),
            ISettlement.AmountInvalid.selector
        );
        taken(issue(IssueUnits("laboratory", doctor, most, 1, LATER), authorityKeys[1]));
    }

    function test_an_organisation_issues_again_what_it_took_back() public {
        taken(issue(hospital, settlement.MOST_OUTSTANDING() - settlement.issuerOf(ISSUER).outstanding));
        taken(redeem(HOSPITAL_KEY, 5));
        refused(issue(insurer, 6), ISettlement.AmountInvalid.selector);
        taken(issue(insurer, 5));
    }

    // Redeeming

    function test_a_holder_gives_units_back_with_the_signature_of_who_pays_for_them() public {
        paid(bill());
        taken(redeem(HOSPITAL_KEY, 4_000));
        same(settlement.balanceOf(hospital), 6_000);
        same(settlement.issuerOf(ISSUER).outstanding, 2 * uint256(FUNDS) - 4_000);
        same(settlement.totalSupply(), 2 * uint256(FUNDS) - 4_000);
    }

    function test_a_redemption_is_made_once_and_by_both() public {
        paid(bill());
        RedeemUnits memory request = RedeemUnits(hospital, ISSUER, 10, 1, deadline());
        refused(redeem(request, DOCTOR_KEY, issuerKey()), IRefusals.SignatureInvalid.selector);
        refused(redeem(request, HOSPITAL_KEY, DOCTOR_KEY), IRefusals.SeatMissing.selector);
        refused(redeem(request, HOSPITAL_KEY, authorityKeys[1]), IRefusals.SeatMissing.selector);
        taken(redeem(request, HOSPITAL_KEY, issuerKey()));
        refused(redeem(request, HOSPITAL_KEY, issuerKey()), ISettlement.NumberUnexpected.selector);
    }

    function test_nobody_redeems_more_than_is_there_or_too_late() public {
        paid(bill());
        refused(redeem(HOSPITAL_KEY, BILL + 1), ISettlement.FundsMissing.selector);
        refused(redeem(HOSPITAL_KEY, 0), ISettlement.AmountInvalid.selector);
        refused(redeem(HOSPITAL_KEY, 3 * FUNDS), ISettlement.AmountInvalid.selector);
        RedeemUnits memory request = RedeemUnits(hospital, ISSUER, 10, 1, deadline() - 1);
        refused(redeem(request, HOSPITAL_KEY, issuerKey()), IRefusals.DeadlinePassed.selector);
    }

    function test_an_account_that_nobody_enrolled_redeems_with_its_own_key() public {
        ClaimRequest memory request = bill();
        request.payee = vm.addr(ACCOUNT_KEY);
        paid(request);
        taken(redeem(ACCOUNT_KEY, BILL));
        same(settlement.balanceOf(vm.addr(ACCOUNT_KEY)), 0);
    }

    // Moving

    // @attack units are moved by hand | only claims move them
    function test_units_are_moved_by_claims_alone() public {
        vm.startPrank(insurer);
        vm.expectRevert(ISettlement.UnitsBound.selector);
        settlement.transfer(hospital, 1);
        vm.expectRevert(ISettlement.UnitsBound.selector);
        settlement.approve(hospital, 1);
        vm.expectRevert(ISettlement.UnitsBound.selector);
        settlement.transferFrom(insurer, hospital, 1);
        vm.expectRevert(ISettlement.UnitsBound.selector);
        settlement.move(insurer, hospital, 1);
        vm.stopPrank();
    }
}
