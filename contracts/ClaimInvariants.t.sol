// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimRequest} from "./ClaimTypes.sol";
import {IClaims} from "./interfaces/IClaims.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {Asserts} from "./test/Asserts.t.sol";
import {ClaimsDesk} from "./test/ClaimsDesk.t.sol";

/// Invariants of claims and units, whatever anyone does. `ClaimsDesk` besides asserts after each call that every claim
/// went along the state machine.
contract ClaimInvariantsTest is Asserts {
    struct FuzzSelector {
        address target;
        bytes4[] selectors;
    }

    ClaimsDesk internal desk;

    function setUp() public {
        desk = new ClaimsDesk();
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](7);
        selectors[0] = ClaimsDesk.wait_.selector;
        selectors[1] = ClaimsDesk.submitSomething.selector;
        selectors[2] = ClaimsDesk.decideSomething.selector;
        selectors[3] = ClaimsDesk.goOn.selector;
        selectors[4] = ClaimsDesk.redeemSome.selector;
        selectors[5] = ClaimsDesk.decideSomething.selector;
        selectors[6] = ClaimsDesk.goOn.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(desk), selectors);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(desk);
    }

    function invariant_the_sum_of_all_balances_is_what_was_issued() public view {
        ISettlement settlement = desk.theSettlement();
        address[] memory accounts = desk.accounts();
        uint256 sum;
        for (uint256 i; i < accounts.length; ++i) sum += settlement.balanceOf(accounts[i]);
        same(sum, settlement.totalSupply());
        same(sum, desk.issued());
    }

    function invariant_no_more_is_paid_for_a_treatment_than_its_bill() public view {
        ClaimRequest[] memory made = desk.made();
        for (uint256 i; i < made.length; ++i) {
            IClaims.Standing memory one = desk.standingOf(made[i]);
            if (made[i].treatment != 0)
                so(uint256(one.before) + one.approved <= made[i].total, "over the bill");
            if (made[i].treatment == 0 || made[i].follows != 0) continue;
            (uint256 sum, uint256 most, uint256 firsts) = (0, 0, 0);
            for (uint256 j; j < made.length; ++j) {
                if (made[j].treatment != made[i].treatment) continue;
                if (made[j].follows == 0) ++firsts;
                if (made[j].total > most) most = made[j].total;
                sum += desk.standingOf(made[j]).approved;
            }
            same(firsts, 1);
            so(sum <= most, "paid twice");
        }
    }

    function invariant_what_is_approved_is_held_until_it_is_paid_and_comes_from_the_insurer() public view {
        ClaimRequest[] memory made = desk.made();
        address[] memory accounts = desk.accounts();
        uint256 paid;
        uint256 held;
        for (uint256 i; i < 2; ++i) {
            uint256 sum;
            for (uint256 j; j < made.length; ++j) {
                if (made[j].treatment == 0 || made[j].insurer != accounts[i]) continue;
                IClaims.Standing memory known = desk.standingOf(made[j]);
                sum += known.approved;
                if (known.state == IClaims.ClaimState.Paid) paid += known.approved;
                else held += known.approved;
            }
            same(desk.theSettlement().balanceOf(accounts[i]) + sum, desk.fundsOfInsurer());
        }
        same(desk.theSettlement().balanceOf(accounts[2]) + desk.redeemed(), paid);
        same(desk.theSettlement().balanceOf(accounts[3]), held);
    }
}
