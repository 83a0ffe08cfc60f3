// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimRequest} from "./ClaimTypes.sol";
import {IClaims} from "./interfaces/IClaims.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {Asserts} from "./test/Asserts.t.sol";
import {ClaimsDesk, NettingDesk} from "./test/ClaimsDesk.t.sol";

/// Invariants of claims and units, whatever anyone does. `ClaimsDesk` besides asserts after each call that every claim
/// went along the state machine.
abstract contract ClaimInvariants is Asserts {
    struct FuzzSelector {
        address target;
        bytes4[] selectors;
    }

    ClaimsDesk internal desk;

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](9);
        selectors[0] = ClaimsDesk.wait_.selector;
        selectors[1] = ClaimsDesk.submitSomething.selector;
        selectors[2] = ClaimsDesk.decideSomething.selector;
        selectors[3] = ClaimsDesk.goOn.selector;
        selectors[4] = ClaimsDesk.giveBack.selector;
        selectors[5] = ClaimsDesk.redeemSome.selector;
        selectors[6] = ClaimsDesk.clearSome.selector;
        selectors[7] = ClaimsDesk.decideSomething.selector;
        selectors[8] = ClaimsDesk.goOn.selector;
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

    function invariant_positions_come_out_even_and_nobody_owes_more_than_it_has() public view {
        ISettlement settlement = desk.theSettlement();
        address[] memory accounts = desk.accounts();
        int256 sum;
        for (uint256 i; i < accounts.length; ++i) {
            int256 position = settlement.accountOf(accounts[i]).position;
            so(int256(settlement.balanceOf(accounts[i])) + position >= 0, "below zero");
            sum += position;
        }
        so(sum == int256(settlement.balanceOf(address(settlement))), "uneven");
        if (settlement.period() == 0) so(sum == 0, "positions without a period");
    }

    function invariant_no_more_is_paid_for_a_treatment_than_its_bill() public view {
        ClaimRequest[] memory made = desk.made();
        for (uint256 i; i < made.length; ++i) {
            IClaims.Standing memory one = desk.standingOf(made[i]);
            if (made[i].treatment != 0)
                so(uint256(one.before) + one.paid + one.otherPaid <= made[i].total, "over the bill");
            if (made[i].treatment == 0 || made[i].follows != 0) continue;
            (uint256 sum, uint256 most, uint256 firsts) = (0, 0, 0);
            for (uint256 j; j < made.length; ++j) {
                if (made[j].treatment != made[i].treatment) continue;
                if (made[j].follows == 0) ++firsts;
                if (made[j].total > most) most = made[j].total;
                IClaims.Standing memory known = desk.standingOf(made[j]);
                sum += uint256(known.paid) + known.otherPaid;
            }
            same(firsts, 1);
            so(sum <= most, "paid twice");
        }
    }

    function invariant_an_insurer_is_short_of_exactly_what_its_claims_were_paid() public view {
        ClaimRequest[] memory made = desk.made();
        address[] memory accounts = desk.accounts();
        for (uint256 i; i < 2; ++i) {
            uint256 sum;
            for (uint256 j; j < made.length; ++j) {
                if (made[j].treatment == 0 || made[j].insurer != accounts[i]) continue;
                IClaims.Standing memory known = desk.standingOf(made[j]);
                sum += uint256(known.paid) + known.otherPaid;
            }
            same(desk.theSettlement().availableOf(accounts[i]) + sum, desk.fundsOfInsurer());
        }
    }

    function invariant_a_debt_is_what_reversed_claims_still_owe() public view {
        ClaimRequest[] memory made = desk.made();
        address[] memory accounts = desk.accounts();
        for (uint256 i = 2; i < 4; ++i) {
            uint256 owed;
            for (uint256 j; j < made.length; ++j) {
                IClaims.Standing memory known = desk.standingOf(made[j]);
                if (known.state != IClaims.ClaimState.Reversed) continue;
                owed += i == 2 ? known.paid : known.otherPaid;
            }
            same(desk.theSettlement().accountOf(accounts[i]).debt, owed);
        }
    }
}

/// Units that move at once.
contract ClaimInvariantsTest is ClaimInvariants {
    function setUp() public {
        desk = new ClaimsDesk();
    }
}

/// Units that move when accounts are cleared.
contract NettingInvariantsTest is ClaimInvariants {
    function setUp() public {
        desk = new NettingDesk();
    }
}
