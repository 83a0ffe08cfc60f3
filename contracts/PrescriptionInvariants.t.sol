// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPrescriptions} from "./interfaces/IPrescriptions.sol";
import {Asserts} from "./test/Asserts.t.sol";
import {Dispensary} from "./test/Dispensary.t.sol";

/// Invariants of prescriptions, whatever anyone does. `Dispensary` besides asserts of every single request that it is
/// taken exactly where it should be.
contract PrescriptionInvariantsTest is Asserts {
    struct FuzzSelector {
        address target;
        bytes4[] selectors;
    }

    Dispensary private dispensary;

    function setUp() public {
        dispensary = new Dispensary();
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](6);
        selectors[0] = Dispensary.wait_.selector;
        selectors[1] = Dispensary.prescribeSomething.selector;
        selectors[2] = Dispensary.dispenseSome.selector;
        selectors[3] = Dispensary.holdOne.selector;
        selectors[4] = Dispensary.passOne.selector;
        selectors[5] = Dispensary.cancelOne.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(dispensary), selectors);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(dispensary);
    }

    function invariant_no_more_is_dispensed_than_was_prescribed_and_all_of_it_is_counted() public view {
        Dispensary.Modelled[] memory made = dispensary.made();
        for (uint256 i; i < made.length; ++i) {
            IPrescriptions.Standing memory known = standing(made[i].digest);
            same(known.dispensed, made[i].dispensed);
            so(known.dispensed <= uint256(known.amount) * known.fills, "over");
        }
    }

    function invariant_the_state_is_the_models() public view {
        Dispensary.Modelled[] memory made = dispensary.made();
        for (uint256 i; i < made.length; ++i) {
            IPrescriptions.Standing memory known = standing(made[i].digest);
            IPrescriptions.PrescriptionState state = IPrescriptions.PrescriptionState.Active;
            if (made[i].held) state = IPrescriptions.PrescriptionState.Held;
            if (made[i].ended) state = IPrescriptions.PrescriptionState.Ended;
            so(known.state == state, "state");
            same(known.step, made[i].step);
            same(known.holder, vm.addr(made[i].holderKey));
            same(known.slip, vm.addr(made[i].slipKey));
        }
    }

    function invariant_nothing_is_dispensable_beyond_what_is_left() public view {
        Dispensary.Modelled[] memory made = dispensary.made();
        for (uint256 i; i < made.length; ++i) {
            IPrescriptions.Standing memory known = standing(made[i].digest);
            uint256 offered = dispensary.prescriptionsContract().dispensable(
                made[i].digest,
                uint64(block.timestamp)
            );
            so(offered + known.dispensed <= uint256(known.amount) * known.fills, "offered");
            if (known.state != IPrescriptions.PrescriptionState.Active) same(offered, 0);
        }
    }

    function standing(bytes32 digest) private view returns (IPrescriptions.Standing memory) {
        return dispensary.prescriptionsContract().prescriptionOf(digest);
    }
}
