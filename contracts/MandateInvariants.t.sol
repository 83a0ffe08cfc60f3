// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMandates} from "./interfaces/IMandates.sol";
import {Asserts} from "./test/Asserts.t.sol";
import {MandateOffice} from "./test/MandateOffice.t.sol";

/// Keys act exactly as the model says, in whatever order mandates are given and end. `MandateOffice` besides asserts of every single request that it is
/// taken exactly where it should be.
contract MandateInvariantsTest is Asserts {
    struct FuzzSelector {
        address target;
        bytes4[] selectors;
    }

    MandateOffice private office;

    function setUp() public {
        office = new MandateOffice();
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](3);
        selectors[0] = MandateOffice.wait_.selector;
        selectors[1] = MandateOffice.appointSomeone.selector;
        selectors[2] = MandateOffice.endSomeone.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(office), selectors);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(office);
    }

    function invariant_who_may_sign_is_who_the_model_says() public view {
        IMandates mandates = office.theMandates();
        uint64[3] memory moments = [office.nowOf(), office.nowOf() + 1, office.nowOf() + 60 days];
        for (uint256 who; who < 6; ++who) {
            address key = vm.addr(office.keyOf(who));
            for (uint8 power = 1; power < 8; ++power) {
                for (uint256 i; i < 3; ++i) {
                    bool signs = mandates.maySign(office.handleOf(), key, power, moments[i]);
                    same(signs, who != 0 && office.holds(who, power, moments[i]));
                }
            }
        }
    }
}
